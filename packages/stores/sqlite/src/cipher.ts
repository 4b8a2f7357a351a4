import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";

// The defaults of Node's scrypt (16 MiB of memory), written out because a change would make stored secrets unreadable. They
// slow guessing down at a price that every start of the CLI can pay; they do not make a short key a good one.
const cost = { N: 2 ** 14, r: 8, p: 1 };
const keyBytes = 32;
const saltBytes = 16;
// NIST SP 800-38D recommends 96 bits for the nonce and 128 for the tag.
const nonceBytes = 12;
const tagBytes = 16;

/** The name under which sealed values are stored. */
export const cipherName = "aes-256-gcm";

export function newSalt(): Buffer {
  return randomBytes(saltBytes);
}

/** Slow on purpose (tens of milliseconds), off the main thread. */
export function deriveKey(secret: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, keyBytes, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Nonce, tag and ciphertext in one. `place` is bound in: the result can be opened only with the same. */
export function seal(key: Buffer, place: readonly string[], text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(placeBytes(place));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Undefined when the key or the place is another one, or the bytes were changed. */
export function unseal(key: Buffer, place: readonly string[], bytes: Uint8Array): string | undefined {
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
