import type { DeliveryStatus, ProviderEvent } from "@colloquy/core/contract";
import { deliveryStatus } from "../delivery-status.js";
import type { Envelope } from "../events.js";
import { isRecord, recordAt, textAt } from "../json.js";
import { withoutSecrets } from "../redaction.js";
import { each, type MessageKey, readKey } from "./key.js";

interface Progress {
  readonly key: MessageKey;
  readonly status: DeliveryStatus;
  /** In groups: whose receipt it is. */
  readonly by?: string;
  readonly reason?: string;
}

const readers: Readonly<Record<string, (item: unknown) => Progress | undefined>> = {
  "message.sent": readSent,
  "messages.update": readUpdate,
  "message-receipt.update": readReceipt,
};

/** What became of messages that we sent; `undefined` when the event is of another sort. */
export function readProgress({ event, data, raw, other }: Envelope): readonly ProviderEvent[] | undefined {
  const read = Object.hasOwn(readers, event) ? readers[event] : undefined;
  if (!read) return undefined;
  return each(data).map((item, index): ProviderEvent => {
    const progress = read(item);
    // A receipt for a message of somebody else is not about one of ours.
    if (!progress || progress.key.fromMe === false) return other(index);
    const { key, status, by, reason } = progress;
    return {
      type: "message.status",
      occurrenceId: `status:${key.chatId}:${key.id}:${status}${by === undefined ? "" : `:${by}`}`,
      messageKey: key.id,
      status,
      ...(reason === undefined ? {} : { reason }),
      raw,
    };
  });
}

function readSent(item: unknown): Progress | undefined {
  const key = readKey(recordAt(item, "key"));
  if (!key || !isRecord(item)) return undefined;
  if (item["success"] !== false) return { key, status: "sent" };
  const reason = textAt(item, "error");
  return { key, status: "failed", ...(reason === undefined ? {} : { reason: withoutSecrets(reason) }) };
}

function readUpdate(item: unknown): Progress | undefined {
  const key = readKey(recordAt(item, "key"));
  const status = deliveryStatus(recordAt(item, "update")["status"]);
  return key && status ? { key, status } : undefined;
}

function readReceipt(item: unknown): Progress | undefined {
  const message = recordAt(item, "message");
  const key = readKey(recordAt(message, "key"));
  const receipt = recordAt(message, "receipt");
  const status = hasInstant(receipt["readTimestamp"])
    ? "read"
    : hasInstant(receipt["receiptTimestamp"])
      ? "delivered"
      : undefined;
  if (!key || !status) return undefined;
  // In a chat of two the receipt says what `messages.update` says; in a group each member has one.
  const by = key.chatId.endsWith("@g.us") ? (textAt(receipt, "userJid") ?? key.participant) : undefined;
  return { key, status, ...(by === undefined ? {} : { by }) };
}

const hasInstant = (value: unknown): boolean => value !== undefined && value !== null && value !== 0;
