import type { IdentityBook } from "@colloquy/core/contract";
import { isRecord, recordAt, textAt, withoutUndefined } from "../json.js";
import { writtenInstantMs } from "../timestamps.js";
import type { WasenderWebhookEvent } from "../wire-types.js";
import { type Envelope, keptText, openBytes, openValue } from "./envelope.js";
import type { WasenderEventData, WasenderPasskey } from "./event-data.js";
import { readGroup, readParticipantsChange } from "./groups.js";
import { each, eachUnder, readEach, readKey } from "./key.js";
import { messagesOf, readMessage } from "./messages.js";
import { readCall, readChat, readChatId, readContact } from "./people-and-chats.js";
import { readReceipt, readSent, readUpdate } from "./progress.js";
import { readPoll, readReaction } from "./reactions.js";
import type { WasenderEvent } from "./wasender-event.js";

type ReadData<Data> = (data: unknown, identities: IdentityBook | undefined) => Data | undefined;

/** A list under one name, of items that come alone or as a list. */
const listOf =
  <Name extends string, Item>(
    name: Name,
    read: (item: unknown, identities?: IdentityBook) => Item | undefined,
    itemsOf: (data: unknown) => unknown = (data) => data,
  ): ReadData<{ readonly [Key in Name]: readonly Item[] }> =>
  (data, identities) => {
    const items = readEach(itemsOf(data), (item) => read(item, identities));
    return items && ({ [name]: items } as { readonly [Key in Name]: readonly Item[] });
  };

const messages = listOf("messages", readMessage, messagesOf);
const contacts = listOf("contacts", readContact);
const chats = listOf("chats", readChat);
const groups = listOf("groups", readGroup);

const readers: { readonly [Name in WasenderWebhookEvent]: ReadData<WasenderEventData[Name]> } = {
  call: listOf("calls", readCall),
  "chats.delete": listOf("chatIds", readChatId),
  "chats.update": chats,
  "chats.upsert": chats,
  "contacts.update": contacts,
  "contacts.upsert": contacts,
  "group-participants.update": listOf("changes", readParticipantsChange),
  "groups.update": groups,
  "groups.upsert": groups,
  "message-receipt.update": listOf("receipts", readReceipt),
  "message.sent": listOf("sent", readSent),
  "messages-group.received": messages,
  "messages-newsletter.received": messages,
  "messages-personal.received": messages,
  "messages.delete": listOf("keys", readKey, (data) => eachUnder(data, "keys")),
  "messages.reaction": listOf("reactions", readReaction),
  "messages.received": messages,
  "messages.update": listOf("updates", readUpdate),
  "messages.upsert": messages,
  "passkey.updated": (data) => readPasskey(theOne(data)),
  "poll.results": listOf("polls", readPoll),
  "qrcode.updated": (data) => {
    // Here the key is `qr`; in answers it is `qrCode`.
    const qr = textAt(theOne(data), "qr");
    return qr === undefined ? undefined : { qr };
  },
  "session.status": (data) => {
    const status = textAt(theOne(data), "status")?.toLowerCase();
    return status === undefined ? undefined : { status };
  },
};

export interface ReadWasenderEventOptions {
  /** Joins a LID to the phone number that an earlier event told. Default: only what the event itself tells. */
  readonly identities?: IdentityBook;
}

/**
 * One webhook in full, typed: of a delivery, of its body as bytes, text or parsed JSON, or of an event that a handler or
 * `session.events()` gave. Never throws: what cannot be read is `unknown`, with all of it in `raw`.
 */
export function readWasenderEvent(source: unknown, options: ReadWasenderEventOptions = {}): WasenderEvent {
  const { envelope, raw } = opened(source);
  if (!envelope) return { event: "unknown", name: "unreadable", raw };
  const read = Object.hasOwn(readers, envelope.event) ? readers[envelope.event as WasenderWebhookEvent] : undefined;
  const data = read?.(envelope.data, options.identities);
  const atMs = envelope.atMs === undefined ? {} : { atMs: envelope.atMs };
  if (data === undefined) return { event: "unknown", name: envelope.event, ...atMs, raw: envelope.raw };
  // The table pairs each name with the reader of its data; the compiler cannot follow one through an index.
  return { event: envelope.event, ...atMs, data, raw: envelope.raw } as WasenderEvent;
}

function opened(source: unknown): { readonly envelope: Envelope | undefined; readonly raw: unknown } {
  if (typeof source === "string") return opened(new TextEncoder().encode(source));
  if (isBytes(source)) {
    const envelope = openBytes(source);
    return { envelope, raw: envelope ? undefined : keptText(source) };
  }
  if (!isRecord(source)) return { envelope: undefined, raw: source };
  const { body, occurrenceId } = source;
  if (isBytes(body)) return opened(body);
  const value = typeof occurrenceId === "string" && Object.hasOwn(source, "raw") ? source["raw"] : source;
  return { envelope: openValue(value), raw: value };
}

/** Also of another realm, such as that of a test runner, where `instanceof` says no. */
const isBytes = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && value.constructor.name !== "DataView";

/** For what is one thing by its nature. */
const theOne = (data: unknown): unknown => each(data)[0];

function readPasskey(data: unknown): WasenderPasskey | undefined {
  const stage = textAt(data, "stage");
  if (stage === undefined) return undefined;
  const fields = recordAt({ data }, "data");
  return withoutUndefined<WasenderPasskey>({
    stage,
    token: textAt(fields, "token"),
    expiresAtMs: writtenInstantMs(fields["expiresAt"]),
    requestId: textAt(fields, "requestId"),
    code: textAt(fields, "code"),
    error: textAt(fields, "error"),
  });
}
