import type { InboundMessage, ProviderEvent } from "@colloquy/core/contract";
import type { Envelope } from "../events.js";
import { isRecord, recordAt, textAt, withoutUndefined } from "../json.js";
import { readContent } from "../message-content.js";
import { normalisePhone, phoneOfJid, withoutDevice } from "../phone.js";
import { unixInstantMs } from "../timestamps.js";
import { each, type MessageKey, readKey } from "./key.js";

/** One message arrives under up to three of these names. */
const inboundEvents: ReadonlySet<string> = new Set([
  "messages.received",
  "messages-personal.received",
  "messages-group.received",
  "messages-newsletter.received",
  "messages.upsert",
]);

/** Received messages; `undefined` when the event is of another sort. Edits, deletions and own messages are no new messages. */
export function readInbound({ event, data, raw, other }: Envelope): readonly ProviderEvent[] | undefined {
  if (!inboundEvents.has(event)) return undefined;
  const found = each(isRecord(data) && Object.hasOwn(data, "messages") ? data["messages"] : data);
  return found.map((item, index): ProviderEvent => {
    const message = readMessage(item);
    if (!message) return other(index);
    const { chatId, providerMessageId } = message;
    return { type: "message.received", occurrenceId: `message:${chatId}:${providerMessageId}:false`, message, raw };
  });
}

function readMessage(item: unknown): InboundMessage | undefined {
  const key = readKey(recordAt(item, "key"));
  if (!key || key.fromMe === true || !isRecord(item)) return undefined;
  const content = recordAt(item, "message");
  if (Object.hasOwn(content, "protocolMessage") || Object.hasOwn(content, "reactionMessage")) return undefined;
  const { kind, text } = readContent(content);
  const body = textAt(item, "messageBody");
  return withoutUndefined<InboundMessage>({
    providerMessageId: key.id,
    chatId: key.chatId,
    from: senderOf(key, textAt(item, "pushName")),
    kind: kind === "unknown" && body !== undefined ? "text" : kind,
    text: body ?? text,
    sentAtMs: unixInstantMs(item["messageTimestamp"]),
  });
}

/**
 * Chats may be addressed by a LID, which is no phone number; the number then stands beside it. Sometimes even that place
 * holds a LID, so only what is a number is taken for one.
 */
function senderOf(
  { fields, chatId, participant }: MessageKey,
  displayName: string | undefined,
): InboundMessage["from"] {
  const isGroup = chatId.endsWith("@g.us");
  const names = isGroup
    ? (["cleanedParticipantPn", "participantPn"] as const)
    : (["cleanedSenderPn", "senderPn"] as const);
  const id = withoutDevice(participant ?? chatId);
  const candidates = [...names.map((name) => textAt(fields, name)), id];
  const phone = candidates
    .map((name) => (name === undefined ? undefined : (phoneOfJid(name) ?? normalisePhone(name))))
    .find((found) => found !== undefined);
  return withoutUndefined<InboundMessage["from"]>({ id, phone, displayName });
}
