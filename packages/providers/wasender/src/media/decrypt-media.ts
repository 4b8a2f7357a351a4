import { createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { ColloquyError, type MediaKind } from "@colloquy/core/contract";
import { invalidInput } from "../input.js";

/** What a received message tells of its file. `encryptedMediaOf` reads it from a webhook. */
export interface EncryptedMedia {
  readonly kind: MediaKind;
  /** 32 bytes, or their base64. A secret: whoever has it can read the file. */
  readonly mediaKey: string | Uint8Array;
  /** Of the plain file, base64. Checked when given. */
  readonly fileSha256?: string;
  /** Of the encrypted file, base64. Checked when given. */
  readonly fileEncSha256?: string;
  /** Of the plain file, in bytes. Checked when given. */
  readonly fileLength?: number;
}

/** What WhatsApp mixes into the keys (WasenderAPI documentation, decrypting media, 2026-08-21); stickers count as images. */
const keyInfo: Readonly<Record<MediaKind, string>> = {
  image: "WhatsApp Image Keys",
  sticker: "WhatsApp Image Keys",
  video: "WhatsApp Video Keys",
  audio: "WhatsApp Audio Keys",
  document: "WhatsApp Document Keys",
};

const keyBytes = 32;
const macBytes = 10;
const blockBytes = 16;

/**
 * Decrypts a received file without asking the provider. Gives nothing away before the whole file proved genuine. Throws
 * `MEDIA_CORRUPT` for a file that was changed or cut short and for a key or kind of another file, and `INPUT_INVALID` for what
 * is no key.
 */
export function decryptMedia(media: EncryptedMedia, encrypted: Uint8Array): Uint8Array {
  const opening = new Opening(media);
  return Buffer.concat([opening.update(encrypted), opening.finish()]);
}

/**
 * The same piece by piece, for files that should not lie in memory. Only at the end is it known whether the file is genuine: until
 * the loop ended without an error the pieces are not to be trusted, and the last one is never given away before.
 */
export async function* decryptMediaStream(
  media: EncryptedMedia,
  encrypted: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const opening = new Opening(media);
  for await (const chunk of encrypted) {
    const plain = opening.update(chunk);
    if (plain.byteLength > 0) yield plain;
  }
  const last = opening.finish();
  if (last.byteLength > 0) yield last;
}

class Opening {
  readonly #media: EncryptedMedia;
  readonly #aes: ReturnType<typeof createDecipheriv>;
  readonly #mac: ReturnType<typeof createHmac>;
  readonly #plainHash = createHash("sha256");
  readonly #fileHash = createHash("sha256");
  /** The end seen so far, which may be the MAC. */
  #tail: Buffer = Buffer.alloc(0);
  #sealedBytes = 0;
  #plainBytes = 0;

  constructor(media: EncryptedMedia) {
    const keys = expandedKeys(media);
    this.#media = media;
    this.#aes = createDecipheriv("aes-256-cbc", keys.subarray(16, 48), keys.subarray(0, 16));
    this.#mac = createHmac("sha256", keys.subarray(48, 80)).update(keys.subarray(0, 16));
  }

  update(chunk: Uint8Array): Buffer {
    this.#fileHash.update(chunk);
    const held = Buffer.concat([this.#tail, chunk]);
    const sealed = held.subarray(0, Math.max(0, held.byteLength - macBytes));
    this.#tail = held.subarray(sealed.byteLength);
    this.#mac.update(sealed);
    this.#sealedBytes += sealed.byteLength;
    return this.#given(this.#aes.update(sealed));
  }

  finish(): Buffer {
    if (this.#sealedBytes === 0 || this.#sealedBytes % blockBytes !== 0) throw corrupt("it was cut short");
    if (!timingSafeEqual(this.#mac.digest().subarray(0, macBytes), this.#tail))
      throw corrupt("its MAC does not fit: it was changed, or this is the key or kind of another file");
    const last = this.#given(this.#lastBlock());
    const { fileLength, fileSha256, fileEncSha256 } = this.#media;
    if (fileEncSha256 !== undefined && this.#fileHash.digest("base64") !== fileEncSha256)
      throw corrupt("its encrypted form has another checksum");
    if (fileLength !== undefined && fileLength !== this.#plainBytes) throw corrupt("it has another length");
    if (fileSha256 !== undefined && this.#plainHash.digest("base64") !== fileSha256)
      throw corrupt("it has another checksum");
    return last;
  }

  #lastBlock(): Buffer {
    try {
      return this.#aes.final();
    } catch {
      throw corrupt("its padding is wrong");
    }
  }

  #given(plain: Buffer): Buffer {
    this.#plainHash.update(plain);
    this.#plainBytes += plain.byteLength;
    return plain;
  }
}

/** IV, cipher key, MAC key, and 32 bytes that nothing uses. */
function expandedKeys({ mediaKey, kind }: EncryptedMedia): Buffer {
  const key = typeof mediaKey === "string" ? Buffer.from(mediaKey, "base64") : mediaKey;
  if (key.byteLength !== keyBytes)
    throw invalidInput("decryptMedia", [{ field: "mediaKey", message: `Must be ${keyBytes} bytes, or their base64.` }]);
  if (!Object.hasOwn(keyInfo, kind))
    throw invalidInput("decryptMedia", [
      { field: "kind", message: `Must be one of ${Object.keys(keyInfo).join(", ")}.` },
    ]);
  return Buffer.from(hkdfSync("sha256", key, new Uint8Array(32), keyInfo[kind], 112));
}

function corrupt(why: string): ColloquyError {
  return new ColloquyError({
    code: "MEDIA_CORRUPT",
    message: `The file cannot be decrypted: ${why}.`,
    providerId: "wasender",
  });
}
