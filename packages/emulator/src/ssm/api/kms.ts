import { hash } from "node:crypto";
import type { Random } from "../../random.js";
import { seal, unseal } from "../codec/cipher.js";

export type EncryptionContext = Readonly<Record<string, string>>;

/**
 * A key service that keeps nothing safe: it makes data keys from the emulator's seed, and seals them under a key made
 * from it too. What it sealed it opens only for the same context.
 */
export interface FakeKms {
  generate(keyId: string, context: EncryptionContext, byteCount: number): { plain: Buffer; sealed: Buffer };
  /** Undefined for what it did not seal, or for another context. */
  open(sealed: Uint8Array, context: EncryptionContext): { plain: Buffer; keyId: string } | undefined;
}

export function createFakeKms(random: Random): FakeKms {
  const master = random.bytes(32);
  return {
    generate(keyId, context, byteCount) {
      const plain = Buffer.from(random.bytes(byteCount));
      const content = Buffer.from(JSON.stringify({ keyId, plain: plain.toString("base64") }));
      return { plain, sealed: seal(master, random.bytes(12), content, contextBytes(context)) };
    },
    open(sealed, context) {
      const content = unseal(master, sealed, contextBytes(context));
      if (content === undefined) return undefined;
      const { keyId, plain } = JSON.parse(content.toString("utf8")) as { keyId: string; plain: string };
      return { plain: Buffer.from(plain, "base64"), keyId };
    },
  };
}

/** The same for the same entries, in whatever order they came. */
function contextBytes(context: EncryptionContext): Buffer {
  const entries = Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hash("sha256", JSON.stringify(entries), "buffer");
}
