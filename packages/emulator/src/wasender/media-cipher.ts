import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";

/** What WhatsApp mixes into the keys of each kind of media. Stickers count as images. */
const keyInfo: Record<string, string> = {
  imageMessage: "WhatsApp Image Keys",
  stickerMessage: "WhatsApp Image Keys",
  videoMessage: "WhatsApp Video Keys",
  audioMessage: "WhatsApp Audio Keys",
  documentMessage: "WhatsApp Document Keys",
};

const macBytes = 10;

interface Keys {
  iv: Buffer;
  cipher: Buffer;
  mac: Buffer;
}

function expand(mediaKey: Uint8Array, kind: string): Keys {
  const keys = Buffer.from(hkdfSync("sha256", mediaKey, new Uint8Array(32), keyInfo[kind] ?? "", 112));
  return { iv: keys.subarray(0, 16), cipher: keys.subarray(16, 48), mac: keys.subarray(48, 80) };
}

/** A file as WhatsApp's servers hold it: AES-256-CBC, then the first bytes of its MAC. */
export function encryptMedia(bytes: Uint8Array, mediaKey: Uint8Array, kind: string): Uint8Array {
  const { iv, cipher, mac } = expand(mediaKey, kind);
  const aes = createCipheriv("aes-256-cbc", cipher, iv);
  const sealed = Buffer.concat([aes.update(bytes), aes.final()]);
  const digest = createHmac("sha256", mac).update(iv).update(sealed).digest();
  return Buffer.concat([sealed, digest.subarray(0, macBytes)]);
}

/** The file again; undefined when the key does not fit. */
export function decryptMedia(file: Uint8Array, mediaKey: Uint8Array, kind: string): Uint8Array | undefined {
  const { iv, cipher, mac } = expand(mediaKey, kind);
  const sealed = file.subarray(0, -macBytes);
  const digest = createHmac("sha256", mac).update(iv).update(sealed).digest();
  if (!digest.subarray(0, macBytes).equals(file.subarray(-macBytes))) return undefined;
  const aes = createDecipheriv("aes-256-cbc", cipher, iv);
  return Buffer.concat([aes.update(sealed), aes.final()]);
}
