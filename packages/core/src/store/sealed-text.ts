import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

// NIST SP 800-38D recommends 96 bits for the nonce and 128 for the tag.
const nonceBytes = 12;
const tagBytes = 16;

const cipherName = "aes-256-gcm";

/** Nonce, tag and ciphertext in one. */
export function sealText(key: Buffer, place: readonly string[], text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(placeBytes(place));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

/** Undefined when the key or the place is another one, or the bytes were changed. */
export function openText(key: Buffer, place: readonly string[], text: string): string | undefined {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(cipherName, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(placeBytes(place));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

// JSON keeps ["a", "bc"] and ["ab", "c"] apart.
function placeBytes(place: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(place), "utf8");
}
