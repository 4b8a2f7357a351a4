import type { IdentityBook, InboundMessage, ProviderEvent } from "@colloquy/core/contract";
import { withoutUndefined } from "../json.js";
import type { Envelope } from "./envelope.js";
import type { WasenderEventMessage } from "./event-data.js";
import { identityOf } from "./key.js";
import { messagesOf, readMessage } from "./messages.js";
import { type PartialRead, partOf } from "./partial-read.js";

/** One message arrives under up to three of these names. */
const inboundEvents: ReadonlySet<string> = new Set([
  "messages.received",
  "messages-personal.received",
  "messages-group.received",
  "messages-newsletter.received",
  "messages.upsert",
]);

/** Messages; `undefined` when the event is of another sort. Edits, deletions and own messages are no received ones. */
export function readInbound(envelope: Envelope, identities: IdentityBook | undefined): PartialRead | undefined {
  const { event, data } = envelope;
  if (!inboundEvents.has(event)) return undefined;
  const items = messagesOf(data);
  const events = items.flatMap((item): readonly ProviderEvent[] => {
    const message = readMessage(item, identities);
    if (!message) return [];
    const raw = items.length === 1 ? envelope.raw : partOf(envelope, { messages: item });
    const { key } = message;
    const isReceived = key.fromMe !== true && !message.change;
    // The same under every name, so the first to arrive is the one that counts.
    const occurrenceId = `message:${identityOf(key)}:${key.fromMe === true}`;
    return isReceived
      ? [{ type: "message.received", occurrenceId, message: inboundOf(message), raw }]
      : [{ type: "provider", occurrenceId, name: event, raw }];
  });
  return { events, isWhole: events.length > 0 && events.length === items.length };
}

function inboundOf({ key, from, kind, text, sentAtMs }: WasenderEventMessage): InboundMessage {
  return withoutUndefined<InboundMessage>({
    providerMessageId: key.id,
    chatId: key.chatId,
    from: from ?? { id: key.chatId },
    kind,
    text,
    sentAtMs,
  });
}
