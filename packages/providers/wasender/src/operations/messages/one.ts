import type { DeliveryStatus, Operation, WireResponse } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, idText, malformed, optionalFlag, optionalText, rowShape } from "../../decode.js";
import { deliveryStatus } from "../../delivery-status.js";
import { requiredText } from "../../input.js";
import { type JsonRecord, withoutUndefined } from "../../json.js";
import { unixInstantMs } from "../../timestamps.js";

export interface MessageTarget {
  /** What sending gave as `providerMessageId`: the provider's number, not WhatsApp's key. */
  readonly messageId: string | number;
}

/** A sent message as the provider knows it now. */
export interface MessageInfo {
  readonly messageId?: string;
  /** WhatsApp's own key: events about the message carry this one. */
  readonly messageKey: string;
  readonly chatId?: string;
  readonly fromMe?: boolean;
  readonly status?: DeliveryStatus;
  readonly sentAtMs?: number;
  readonly raw: JsonRecord;
}

const row = z.looseObject({
  id: optionalText,
  remoteJid: optionalText,
  msgId: idText.optional().catch(undefined),
  key: z.looseObject({ id: optionalText, remoteJid: optionalText, fromMe: optionalFlag }).optional().catch(undefined),
  status: z.unknown().optional(),
  messageTimestamp: z.unknown().optional(),
});
const shape = z.looseObject({ data: rowShape(row, (found, raw) => ({ found, raw })) });
const said = z.looseObject({ message: optionalText });

function infoOf(operation: string, response: WireResponse): MessageInfo {
  const { found, raw } = decodeBody(operation, shape, response).data;
  const messageKey = found.key?.id ?? found.id;
  if (messageKey === undefined) throw malformed(operation, "missing or wrong: data.key.id");
  return withoutUndefined<MessageInfo>({
    messageId: found.msgId,
    messageKey,
    chatId: found.key?.remoteJid ?? found.remoteJid,
    fromMe: found.key?.fromMe,
    status: deliveryStatus(found.status),
    sentAtMs: unixInstantMs(found.messageTimestamp),
    raw,
  });
}

const params = (operation: string, { messageId }: MessageTarget): { readonly messageId: string } => ({
  messageId: requiredText(operation, "messageId", messageId),
});

export const edit: Operation<MessageTarget & { readonly text: string }, MessageInfo> = {
  name: "messages.edit",
  summary: "Replaces the text of a sent message.",
  method: "PUT",
  path: "/messages/{messageId}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => {
    requiredText("messages.edit", "text", input.text);
    return { params: params("messages.edit", input), body: { kind: "json", value: { text: input.text } } };
  },
  decode: (response) => infoOf("messages.edit", response),
};

export const remove: Operation<MessageTarget, { readonly message?: string }> = {
  name: "messages.remove",
  summary: "Deletes a sent message for everyone.",
  method: "DELETE",
  path: "/messages/{messageId}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ params: params("messages.remove", input) }),
  decode: (response) => {
    if (response.format === "empty") return {};
    const { message } = decodeBody("messages.remove", said, response);
    return message === undefined ? {} : { message };
  },
};

export const info: Operation<MessageTarget, MessageInfo> = {
  name: "messages.info",
  summary: "Delivery status of a sent message, and the WhatsApp key under which events name it.",
  method: "GET",
  path: "/messages/{messageId}/info",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: (input) => ({ params: params("messages.info", input) }),
  decode: (response) => infoOf("messages.info", response),
};
