import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../../decode.js";
import { requiredText } from "../../input.js";

const said = z.looseObject({ message: optionalText });
const readShape = z.looseObject({ data: z.looseObject({ status: z.string().min(1) }) });

export const resend: Operation<{ readonly logId: string | number }, { readonly message?: string }> = {
  name: "messages.resend",
  summary: "Sends a failed row of the message log again. Needs `logMessages`, and a row whose status is `failed`.",
  method: "POST",
  path: "/messages/{logId}/resend",
  credential: "session_key",
  repeatable: "never",
  buckets: [],
  encode: ({ logId }) => ({ params: { logId: requiredText("messages.resend", "logId", logId) } }),
  decode: (response) => {
    const { message } = decodeBody("messages.resend", said, response);
    return message === undefined ? {} : { message };
  },
};

/** Names a message by WhatsApp's key, as events carry it. */
export interface MessageKeyInput {
  readonly messageKey: string;
  readonly chatId: string;
  /** Default false: what is marked as read came from somebody else. */
  readonly fromMe?: boolean;
}

export const markRead: Operation<MessageKeyInput, { readonly status: string }> = {
  name: "messages.markRead",
  summary: "Marks a received message as read.",
  method: "POST",
  path: "/messages/read",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ messageKey, chatId, fromMe }) => ({
    body: {
      kind: "json",
      value: {
        key: {
          id: requiredText("messages.markRead", "messageKey", messageKey),
          remoteJid: requiredText("messages.markRead", "chatId", chatId),
          fromMe: fromMe ?? false,
        },
      },
    },
  }),
  decode: (response) => ({ status: decodeBody("messages.markRead", readShape, response).data.status.toLowerCase() }),
};
