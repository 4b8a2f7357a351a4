import type { IdentityBook } from "@colloquy/core/contract";
import { isRecord, type JsonRecord, recordAt, textAt, withoutUndefined } from "../json.js";
import { readContent, unwrapped } from "../message-content.js";
import { unixInstantMs } from "../timestamps.js";
import type { WasenderEventMessage, WasenderMessageChange } from "./event-data.js";
import { eachUnder, readKey, type WasenderMessageKey } from "./key.js";

/** The messages of an event: one, a list, or either of them under `messages`. */
export function messagesOf(data: unknown): readonly unknown[] {
  return eachUnder(data, "messages");
}

/** One message; undefined when it has no key. */
export function readMessage(item: unknown, identities?: IdentityBook): WasenderEventMessage | undefined {
  const key = readKey(recordAt(item, "key"), identities);
  if (!key || !isRecord(item)) return undefined;
  const content = recordAt(item, "message");
  const { kind, text } = readContent(content);
  const body = textAt(item, "messageBody");
  const change = readChange(content, identities);
  return withoutUndefined<WasenderEventMessage>({
    key,
    from: authorOf(key, textAt(item, "pushName")),
    kind: kind === "unknown" && body !== undefined && !change ? "text" : kind,
    text: body ?? text,
    sentAtMs: unixInstantMs(item["messageTimestamp"]),
    change,
    content,
  });
}

function authorOf(
  { fromMe, participant, partner, chatId }: WasenderMessageKey,
  displayName: string | undefined,
): WasenderEventMessage["from"] {
  if (fromMe === true) return undefined;
  const person = participant ?? partner ?? { id: chatId };
  return displayName === undefined ? person : { ...person, displayName };
}

// WhatsApp's own numbers of what a protocol message does.
const deletion = 0;
const edit = 14;

function readChange(content: JsonRecord, identities: IdentityBook | undefined): WasenderMessageChange | undefined {
  const inner = { ...content, ...unwrapped(recordAt(recordAt(content, "editedMessage"), "message")) };
  if (Object.hasOwn(inner, "reactionMessage")) {
    const reaction = recordAt(inner, "reactionMessage");
    const { text } = reaction;
    return withoutUndefined<WasenderMessageChange>({
      kind: "reaction",
      key: readKey(reaction["key"], identities),
      text: typeof text === "string" ? text : undefined,
      atMs: unixInstantMs(reaction["senderTimestampMs"]),
    });
  }
  if (!Object.hasOwn(inner, "protocolMessage")) return undefined;
  const protocol = recordAt(inner, "protocolMessage");
  const { type } = protocol;
  const isDeletion = type === deletion || type === "REVOKE";
  const isEdit = type === edit || type === "MESSAGE_EDIT";
  return withoutUndefined<WasenderMessageChange>({
    kind: isEdit ? "edit" : isDeletion ? "deletion" : "other",
    key: readKey(protocol["key"], identities),
    text: isEdit ? readContent(recordAt(protocol, "editedMessage")).text : undefined,
    atMs: unixInstantMs(protocol["timestampMs"]),
  });
}
