import type { MediaKind } from "@colloquy/core/contract";
import { isRecord, type JsonRecord, recordAt, textAt, withoutUndefined } from "../json.js";
import { unwrapped } from "../message-content.js";
import type { EncryptedMedia } from "./decrypt-media.js";

/** The file of a received message, where it lies and how it is opened. */
export interface ReceivedMedia extends EncryptedMedia {
  /** Where the encrypted file can be fetched, for some days. */
  readonly url?: string;
  readonly contentType?: string;
  readonly fileName?: string;
}

const kinds: readonly (readonly [key: string, kind: MediaKind])[] = [
  ["imageMessage", "image"],
  ["videoMessage", "video"],
  ["audioMessage", "audio"],
  ["documentMessage", "document"],
  ["stickerMessage", "sticker"],
];

/**
 * What a received message tells of its file: takes the `raw` of a `message.received` event, or one message of it with its `key` and
 * `message`. Undefined when there is no file, or none that can be opened.
 */
export function encryptedMediaOf(raw: unknown): ReceivedMedia | undefined {
  for (const message of messagesIn(raw)) {
    const content = unwrapped(recordAt(message, "message"));
    const [name, kind] = kinds.find(([key]) => isRecord(content[key])) ?? [];
    const part = name === undefined ? {} : recordAt(content, name);
    const mediaKey = textAt(part, "mediaKey");
    if (kind === undefined || mediaKey === undefined) continue;
    return withoutUndefined<ReceivedMedia>({
      kind,
      mediaKey,
      url: textAt(part, "url"),
      contentType: textAt(part, "mimetype"),
      fileName: textAt(part, "fileName"),
      fileSha256: textAt(part, "fileSha256"),
      fileEncSha256: textAt(part, "fileEncSha256"),
      fileLength: lengthOf(part["fileLength"]),
    });
  }
  return undefined;
}

function messagesIn(raw: unknown): readonly JsonRecord[] {
  if (!isRecord(raw)) return [];
  const { messages } = recordAt(raw, "data");
  const listed = Array.isArray(messages) ? messages : [messages];
  return [raw, ...listed.filter(isRecord)];
}

/** A number, or its digits as text. */
function lengthOf(value: unknown): number | undefined {
  const length = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof length === "number" && Number.isSafeInteger(length) ? length : undefined;
}
