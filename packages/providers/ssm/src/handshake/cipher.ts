import { createCipheriv, createDecipheriv } from "node:crypto";
import type { FillRandom } from "../codec/message-id.js";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
const cipherOverheadBytes = nonceBytes + tagBytes;

export const dataKeyBytes = 64;

/** AES-256-GCM as both ends use it: nonce, ciphertext, tag; no additional data; one key for each direction. */
export class SessionCipher {
  readonly #decryptKey: Buffer;
  readonly #encryptKey: Buffer;
  readonly #fill: FillRandom;

  /** The first half of the data key is what the agent encrypts with. */
  constructor(dataKey: Uint8Array, fill: FillRandom) {
    const key = Buffer.from(dataKey);
    this.#decryptKey = key.subarray(0, dataKeyBytes / 2);
    this.#encryptKey = key.subarray(dataKeyBytes / 2);
    this.#fill = fill;
  }

  seal(plain: Uint8Array): Buffer {
    const nonce = Buffer.allocUnsafe(nonceBytes);
    this.#fill(nonce);
    const cipher = createCipheriv(algorithm, this.#encryptKey, nonce);
    const sealed = cipher.update(plain);
    cipher.final();
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
  }

  /** Undefined for what was not made with the agent's key. */
  open(payload: Uint8Array): Buffer | undefined {
    if (payload.length < cipherOverheadBytes) return undefined;
    const decipher = createDecipheriv(algorithm, this.#decryptKey, payload.subarray(0, nonceBytes));
    decipher.setAuthTag(payload.subarray(payload.length - tagBytes));
    const plain = decipher.update(payload.subarray(nonceBytes, payload.length - tagBytes));
    try {
      decipher.final();
      return plain;
    } catch {
      return undefined;
    }
  }
}
