import type { DeliveryStatus, IdentityBook, ProviderEvent } from "@colloquy/core/contract";
import { deliveryStatus } from "../delivery-status.js";
import { isRecord, recordAt, textAt, withoutUndefined } from "../json.js";
import { withoutSecrets } from "../redaction.js";
import { unixInstantMs } from "../timestamps.js";
import type { Envelope } from "./envelope.js";
import type { WasenderMessageUpdate, WasenderReceipt, WasenderSentMessage } from "./event-data.js";
import { each, identityOf, isPersonalChat, readKey, type WasenderMessageKey } from "./key.js";
import { type PartialRead, partOf } from "./partial-read.js";
import { readPerson } from "./person.js";

/** What became of a message that we sent. */
interface Progress {
  readonly key: WasenderMessageKey;
  readonly status: DeliveryStatus;
  /** In groups: whose receipt it is. */
  readonly by?: string;
  readonly reason?: string;
}

/** How each of the three events that tell of progress is read. */
const progressReaders: Readonly<Record<string, (item: unknown, identities?: IdentityBook) => Progress | undefined>> = {
  "message.sent": (item) => progressOfSent(readSent(item)),
  "messages.update": (item, identities) => {
    const { key, status } = readUpdate(item, identities) ?? {};
    return key && status ? { key, status } : undefined;
  },
  "message-receipt.update": (item, identities) => progressOfReceipt(item, readReceipt(item, identities)),
};

/** What became of messages that we sent; `undefined` when the event is of another sort. */
export function readProgress(envelope: Envelope, identities: IdentityBook | undefined): PartialRead | undefined {
  const { event, data } = envelope;
  const read = Object.hasOwn(progressReaders, event) ? progressReaders[event] : undefined;
  if (!read) return undefined;
  const items = each(data);
  const events = items.flatMap((item): readonly ProviderEvent[] => {
    const progress = read(item, identities);
    // A receipt for a message of somebody else is not about one of ours.
    if (!progress || progress.key.fromMe === false) return [];
    const { key, status, by, reason } = progress;
    return [
      {
        type: "message.status",
        occurrenceId: `status:${identityOf(key)}:${status}${by === undefined ? "" : `:${by}`}`,
        messageKey: key.id,
        status,
        ...(reason === undefined ? {} : { reason }),
        raw: items.length === 1 ? envelope.raw : partOf(envelope, item),
      },
    ];
  });
  return { events, isWhole: events.length > 0 && events.length === items.length };
}

export function readSent(item: unknown, identities?: IdentityBook): WasenderSentMessage | undefined {
  const key = readKey(recordAt(item, "key"), identities);
  if (!key || !isRecord(item)) return undefined;
  return withoutUndefined<WasenderSentMessage>({
    key,
    isSuccess: item["success"] !== false,
    error: textAt(item, "error"),
    content: recordAt(item, "message"),
  });
}

export function readUpdate(item: unknown, identities?: IdentityBook): WasenderMessageUpdate | undefined {
  const key = readKey(recordAt(item, "key"), identities);
  const update = recordAt(item, "update");
  return key && withoutUndefined<WasenderMessageUpdate>({ key, status: deliveryStatus(update["status"]), update });
}

export function readReceipt(item: unknown, identities?: IdentityBook): WasenderReceipt | undefined {
  const message = recordAt(item, "message");
  const key = readKey(recordAt(message, "key"), identities);
  const receipt = recordAt(message, "receipt");
  if (!key) return undefined;
  return withoutUndefined<WasenderReceipt>({
    key,
    by: readPerson(receipt["userJid"], identities) ?? key.participant,
    deliveredAtMs: unixInstantMs(receipt["receiptTimestamp"]),
    readAtMs: unixInstantMs(receipt["readTimestamp"]),
    playedAtMs: unixInstantMs(receipt["playedTimestamp"]),
  });
}

function progressOfSent(sent: WasenderSentMessage | undefined): Progress | undefined {
  if (!sent) return undefined;
  const { key, isSuccess, error } = sent;
  if (isSuccess) return { key, status: "sent" };
  return { key, status: "failed", ...(error === undefined ? {} : { reason: withoutSecrets(error) }) };
}

function progressOfReceipt(item: unknown, found: WasenderReceipt | undefined): Progress | undefined {
  if (!found) return undefined;
  const receipt = recordAt(recordAt(item, "message"), "receipt");
  // An instant that cannot be read still says that it happened.
  const [, status] =
    (
      [
        ["playedTimestamp", "played"],
        ["readTimestamp", "read"],
        ["receiptTimestamp", "delivered"],
      ] as const
    ).find(([name]) => isTold(receipt[name])) ?? [];
  if (!status) return undefined;
  // In a chat of two the receipt says what `messages.update` says; in a group each member has one.
  const by = isPersonalChat(found.key.chatId) ? undefined : found.by?.id;
  return { key: found.key, status, ...(by === undefined ? {} : { by }) };
}

const isTold = (value: unknown): boolean => value !== undefined && value !== null && value !== 0;
