import { createHash } from "node:crypto";
import type { Account } from "./account.js";
import { refuse } from "./failures.js";
import { decryptMedia, encryptMedia } from "./media-cipher.js";
import { fileBehind, shelve } from "./media-shelf.js";
import { knownType, uploadLimitBytes } from "./media-types.js";
import { required, text, validate } from "./validation.js";

const hourMs = 3_600_000;

/** Takes a file whose content is of the type it claims, and makes it public for a day. */
export function uploadMedia(account: Account, bytes: Uint8Array, mimetype: string): string {
  if (mimetype === "") refuse("uploadWithoutType");
  if (bytes.length === 0) refuse("uploadEmpty");
  const type = knownType(mimetype);
  if (!type?.matches(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
    return refuse("uploadWrongContent");
  if (bytes.length > uploadLimitBytes[type.family]) refuse("uploadTooLarge");
  return shelve(account, `${account.random.uuid()}.${type.extension}`, bytes, mimetype, 24 * hourMs);
}

/** The JSON form of an upload: a data URL or bare base64; an explicit type wins over the data URL's. */
export function uploadBase64(account: Account, body: unknown): string {
  const fields = validate(body, { base64: required(text(Number.POSITIVE_INFINITY)), mimetype: text() });
  const { base64, mimetype } = fields as { base64: string; mimetype?: string };
  const comma = base64.startsWith("data:") ? base64.indexOf(",") : -1;
  const urlType = base64.slice("data:".length, comma).split(";")[0];
  const bytes = Buffer.from(base64.slice(comma + 1), "base64");
  return uploadMedia(account, bytes, mimetype ?? (comma < 0 ? "" : (urlType ?? "")));
}

const kinds = ["imageMessage", "videoMessage", "audioMessage", "documentMessage", "stickerMessage"];

/** Opens the media of a received message and makes it public for an hour. */
export function openReceivedMedia(account: Account, body: unknown): string {
  validate(body, { "data.messages.key.id": required(text()) });
  const message = (body as { data: { messages: { message?: Record<string, unknown> } } }).data.messages.message ?? {};
  const kind = kinds.find((candidate) => candidate in message) ?? refuse("decryptWithoutMedia");
  const prefix = `data.messages.message.${kind}`;
  const fields = validate(body, {
    [`${prefix}.url`]: required(text()),
    [`${prefix}.mimetype`]: required(text()),
    [`${prefix}.mediaKey`]: required(text()),
  });
  const mimetype = String(fields[`${prefix}.mimetype`]);
  const url = String(fields[`${prefix}.url`]);
  const sealed = fileBehind(account, url);
  // A file of the real WhatsApp is out of reach of an emulator that never leaves loopback: a note stands in for it.
  const bytes =
    sealed === undefined
      ? Buffer.from(`The emulator cannot fetch ${url}\n`)
      : decryptMedia(sealed.bytes, Buffer.from(String(fields[`${prefix}.mediaKey`]), "base64"), kind);
  if (bytes === undefined) return refuse("decryptWithoutMedia");
  const name = account.random.uuid();
  shelve(account, name, bytes, mimetype, hourMs);
  return `${account.root}/api/decrypted-media/${name}`;
}

/** A file that somebody sends to a session. */
export interface InboundMedia {
  kind: "image" | "video" | "audio" | "document" | "sticker";
  bytes: Uint8Array;
  mimetype: string;
  fileName?: string;
}

/** The content of an inbound media message; its file lies encrypted on the emulator, as WhatsApp's servers hold it. */
export function receivedMediaContent(account: Account, media: InboundMedia, caption: string): Record<string, unknown> {
  const kind = `${media.kind}Message`;
  const mediaKey = Buffer.from(account.random.bytes(32));
  const sealed = encryptMedia(media.bytes, mediaKey, kind);
  const url = shelve(account, `${account.random.uuid()}.enc`, sealed, "application/octet-stream", null);
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");
  return {
    [kind]: {
      url,
      mimetype: media.mimetype,
      mediaKey: mediaKey.toString("base64"),
      fileSha256: sha256(media.bytes),
      fileEncSha256: sha256(sealed),
      fileLength: String(media.bytes.length),
      ...(media.fileName === undefined ? {} : { fileName: media.fileName }),
      ...(caption === "" ? {} : { caption }),
    },
  };
}
