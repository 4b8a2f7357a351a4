import type { DeliveryStatus, Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, idText, optionalFlag, optionalText, rowShape } from "../../decode.js";
import { invalidInput, requiredText } from "../../input.js";
import { type JsonRecord, withoutUndefined } from "../../json.js";
import { deliveryStatuses } from "../../delivery-status.js";
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

const keyShape = z.looseObject({ id: z.string().min(1), remoteJid: optionalText, fromMe: optionalFlag });
const infoShape = z.looseObject({
  data: rowShape(
    z.looseObject({
      key: keyShape.optional().catch(undefined),
      id: z.string().optional().catch(undefined),
      remoteJid: optionalText,
      msgId: idText.optional().catch(undefined),
      status: z.unknown(),
      messageTimestamp: z.unknown(),
    }),
    (row, raw) => ({ row, raw }),
  ),
});

const infoOf = (operation: string, response: Parameters<typeof edit.decode>[0]): MessageInfo => {
  const { row, raw } = decodeBody(operation, infoShape, response).data;
  const messageKey = row.key?.id ?? row.id;
  if (messageKey === undefined) throw malformedKey(operation);
  return withoutUndefined<MessageInfo>({
    messageId: row.msgId,
    messageKey,
    chatId: row.key?.remoteJid ?? row.remoteJid,
    fromMe: row.key?.fromMe,
    status: deliveryStatuses[Number(row.status)],
    sentAtMs: unixInstantMs(row.messageTimestamp),
    raw,
  });
};
