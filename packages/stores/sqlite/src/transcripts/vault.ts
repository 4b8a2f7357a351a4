import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { ColloquyError, isColloquyError } from "@colloquy/core/contract";
import { seal, unseal } from "../cipher.js";
import type { SqlRow, SqlValue } from "../driver/driver.js";
import { bytesOf, type SecretKey, unreadable } from "../secret-key.js";

const keyBytes = 32;
const saltBytes = 16;
const mostKnown = 1_000;

/** Encrypts and decrypts what belongs to one conversation. */
export interface Seal {
  /** `place` is bound in: text that is moved elsewhere cannot be opened. */
  close(place: string, text: string): Uint8Array;
  /** Fails with `SECRET_UNREADABLE`. */
  open(place: string, bytes: SqlValue): string;
}

/** What of a row says how it is encrypted. */
export interface SealColumns {
  readonly key_id: SqlValue;
  readonly key_salt: SqlValue;
}

/** Every conversation has a key of its own (HKDF-SHA256 with its own salt), so each may be used for any number of messages. */
export class Vault {
  readonly #secretKey: SecretKey;
  readonly #hasSecret: boolean;
  #storeKey: Buffer | undefined;
  /** Why there is no key, once that is settled. */
  #failure: ColloquyError | undefined;
  readonly #known = new Map<string, Buffer>();

  constructor(secretKey: SecretKey, hasSecret: boolean) {
    this.#secretKey = secretKey;
    this.#hasSecret = hasSecret;
  }

  /** Must be true before anything is opened or closed; `load` makes it so. */
  get isReady(): boolean {
    return !this.#hasSecret || this.#storeKey !== undefined || this.#failure !== undefined;
  }

  /** A wrong key is told only to whom it matters: what is not encrypted can still be read. */
  async load(): Promise<void> {
    try {
      this.#storeKey = await this.#secretKey.current();
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "SECRET_UNREADABLE") throw error;
      this.#failure = error;
    }
  }

  /** Names the key in the rows that it encrypted. Empty without a key. */
  get keyId(): string {
    return this.#storeKey
      ? createHash("sha256").update("colloquy key id").update(this.#storeKey).digest("hex").slice(0, 16)
      : "";
  }

  /** The columns of a new encrypted conversation. Fails with `CONFIG_INVALID` without a key. */
  newColumns(): SealColumns {
    if (!this.#hasSecret)
      throw new ColloquyError({
        code: "CONFIG_INVALID",
        message: "A conversation can be encrypted only in a store with a key.",
        userAction: "Give `secretKey` to `sqliteStore`, or set COLLOQUY_SECRET_KEY.",
      });
    if (this.#failure) throw this.#failure;
    return { key_id: this.keyId, key_salt: randomBytes(saltBytes) };
  }

  /** Undefined for what is not encrypted. Fails with `SECRET_UNREADABLE` when the key is missing or another one. */
  sealOf(id: string, columns: SealColumns | SqlRow): Seal | undefined {
    const keyId = columns["key_id"];
    if (keyId === null || keyId === undefined) return undefined;
    if (this.#failure) throw this.#failure;
    if (this.#storeKey === undefined) throw unreadable(`Conversation ${id} is encrypted, and no key was given.`);
    if (keyId !== this.keyId) throw unreadable(`Conversation ${id} is encrypted with another key than the one given.`);
    const key = this.#keyFor(this.#storeKey, bytesOf(columns["key_salt"]));
    return {
      close: (place, text) => seal(key, ["conversation", id, place], text),
      open(place, bytes) {
        const isSealed = typeof bytes === "object" && bytes !== null;
        const text = isSealed ? unseal(key, ["conversation", id, place], bytesOf(bytes)) : undefined;
        if (text === undefined)
          throw unreadable(`A part of conversation ${id} cannot be decrypted with the key given.`);
        return text;
      },
    };
  }

  #keyFor(storeKey: Buffer, salt: Buffer): Buffer {
    const name = salt.toString("base64");
    const known = this.#known.get(name);
    if (known) return known;
    if (this.#known.size >= mostKnown) this.#known.clear();
    const key = Buffer.from(hkdfSync("sha256", storeKey, salt, "colloquy conversation", keyBytes));
    this.#known.set(name, key);
    return key;
  }
}
