import type { MessageKind } from "@colloquy/core/contract";
import { isRecord, type JsonRecord, textAt } from "./json.js";

/** Wrappers that WhatsApp puts around the actual content: disappearing, view-once, document with caption, edited. */
const wrappers = [
  "ephemeralMessage",
  "viewOnceMessage",
  "viewOnceMessageV2",
  "viewOnceMessageV2Extension",
  "documentWithCaptionMessage",
] as const;

// Real messages nest two deep; more is hostile.
const deepestWrapping = 5;

const kinds: readonly (readonly [key: string, kind: MessageKind])[] = [
  ["conversation", "text"],
  ["extendedTextMessage", "text"],
  ["imageMessage", "image"],
  ["videoMessage", "video"],
  ["audioMessage", "audio"],
  ["documentMessage", "document"],
  ["stickerMessage", "sticker"],
  ["contactMessage", "contact"],
  ["contactsArrayMessage", "contact"],
  ["locationMessage", "location"],
  ["liveLocationMessage", "location"],
  ["pollCreationMessage", "poll"],
  ["pollCreationMessageV2", "poll"],
  ["pollCreationMessageV3", "poll"],
];

/** The content inside its wrappers. */
export function unwrapped(content: JsonRecord): JsonRecord {
  let inner = content;
  for (let depth = 0; depth < deepestWrapping; depth += 1) {
    const wrapper = wrappers.find((name) => Object.hasOwn(inner, name));
    const wrapped = wrapper === undefined ? undefined : inner[wrapper];
    const next = isRecord(wrapped) ? wrapped["message"] : undefined;
    if (!isRecord(next)) return inner;
    inner = next;
  }
  return inner;
}

/** Kind and text of a received content. */
export function readContent(content: JsonRecord): { readonly kind: MessageKind | "unknown"; readonly text?: string } {
  const inner = unwrapped(content);
  const [key, kind] = kinds.find(([name]) => Object.hasOwn(inner, name) && inner[name] !== null) ?? [
    "",
    "unknown" as const,
  ];
  const part = inner[key];
  const text = textAt(inner, "conversation") ?? textAt(part, "text") ?? textAt(part, "caption") ?? textAt(part, "name");
  return text === undefined ? { kind } : { kind, text };
}
