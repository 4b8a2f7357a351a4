import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Random } from "../../random.js";

/** AES-256-GCM without associated data: nonce, ciphertext, tag. */
export interface Cipher {
  encrypt(plain: Uint8Array): Buffer;
  /** Undefined when the bytes were not encrypted with the peer's key, or were changed. */
  decrypt(sealed: Uint8Array): Buffer | undefined;
}

const nonceBytes = 12;
const tagBytes = 16;

/** The agent's cipher: a data key of 64 bytes holds the agent's key and then the client's. */
export function agentCipher(dataKey: Uint8Array, random: Random): Cipher {
  const agentKey = dataKey.subarray(0, 32);
  const clientKey = dataKey.subarray(32, 64);
  const nonce = Buffer.from(random.bytes(nonceBytes));
  return {
    encrypt(plain) {
      countUp(nonce);
      return seal(agentKey, nonce, plain);
    },
    decrypt: (sealed) => unseal(clientKey, sealed),
  };
}

export function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, context?: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  if (context !== undefined) cipher.setAAD(context);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function unseal(key: Uint8Array, sealed: Uint8Array, context?: Uint8Array): Buffer | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  if (context !== undefined) decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The agent's nonces count up from a random start, the first byte fastest. */
function countUp(nonce: Buffer): void {
  for (let index = 0; index < nonce.length; index += 1) {
    nonce[index] = ((nonce[index] ?? 0) + 1) & 0xff;
    if (nonce[index] !== 0) return;
  }
}
