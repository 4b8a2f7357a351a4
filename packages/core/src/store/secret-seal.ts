import { hkdfSync, randomBytes, scrypt } from "node:crypto";
import { ColloquyError, type SessionId } from "../contract/index.js";
import { openText, sealText } from "./sealed-text.js";

// The defaults of Node's scrypt (16 MiB of memory), written out because a change would make stored secrets unreadable.
const cost = { N: 2 ** 14, r: 8, p: 1 };
const keyBytes = 32;
const saltBytes = 16;

const sealedMark = "sealed:";
const plainMark = "plain:";
const checkPlace = ["", "key_check"];
const checkText = "colloquy";

/** What a store keeps beside its secrets, once for all of them, as soon as they are sealed: to tell the right key from others. */
export interface SealMark {
  readonly salt: string;
  readonly check: string;
}

/** Seals the texts of one conversation, each for its place there: one that is moved elsewhere cannot be opened. */
export interface ConversationSeal {
  close(place: string, text: string): string;
  /** Fails with `SECRET_UNREADABLE`. */
  open(place: string, sealed: string): string;
}

export interface SealMarkPlace {
  read(): Promise<SealMark | undefined>;
  /** Stores the mark unless one is there, and gives back the one that is there then. One atomic step. */
  establish(mark: SealMark): Promise<SealMark>;
}

/**
 * Turns secrets into the texts that a store keeps, and back: AES-256-GCM under a key derived by scrypt. A sealed text is bound
 * to its session and name, so that it cannot be opened in another place. Without a secret key, texts are kept as they are.
 * For stores that have one shared place; fails with `SECRET_UNREADABLE` when that place was sealed with another key.
 */
export class SecretSeal {
  /** Whether a key was given. */
  readonly isSealing: boolean;
  readonly #secretKey: string | undefined;
  readonly #place: SealMarkPlace;
  #key: Promise<Buffer> | undefined;

  constructor(secretKey: string | undefined, place: SealMarkPlace) {
    this.isSealing = secretKey !== undefined;
    this.#secretKey = secretKey;
    this.#place = place;
  }

  async seal(sessionId: SessionId, secrets: Readonly<Record<string, string>>): Promise<readonly [string, string][]> {
    const key = await this.#currentKey();
    return Object.entries(secrets).map(([name, secret]) => {
      // As JSON, so that text which is not well-formed comes back the same.
      const text = JSON.stringify(secret);
      return [name, key ? sealedMark + sealText(key, [sessionId, name], text) : plainMark + text];
    });
  }

  async open(sessionId: SessionId, kept: readonly (readonly [string, string])[]): Promise<Record<string, string>> {
    if (kept.length === 0) return {};
    const key = await this.#currentKey();
    return Object.fromEntries(kept.map(([name, text]) => [name, this.#openOne(key, sessionId, name, text)]));
  }

  /** The sealed text for one that was kept as it is; undefined when it is sealed already. */
  async resealed(sessionId: SessionId, name: string, text: string): Promise<string | undefined> {
    if (!text.startsWith(plainMark)) return undefined;
    const [sealed] = await this.seal(sessionId, { [name]: JSON.parse(text.slice(plainMark.length)) as string });
    return sealed?.[1];
  }

  /** For `conversationSeal`. */
  newSalt(): string {
    return randomBytes(saltBytes).toString("base64");
  }

  /**
   * Under a key of the conversation's own (HKDF-SHA256 with its salt), so that it may seal any number of texts. Fails with
   * `CONFIG_INVALID` where nothing is sealed and no key was given, and with `SECRET_UNREADABLE` for another key.
   */
  async conversationSeal(id: string, salt: string): Promise<ConversationSeal> {
    const storeKey = await this.#currentKey();
    if (!storeKey)
      throw new ColloquyError({
        code: "CONFIG_INVALID",
        message: "A conversation can be encrypted only in a store with a key.",
        userAction: "Give the store a `secretKey`, or set COLLOQUY_SECRET_KEY.",
      });
    const derived = hkdfSync("sha256", storeKey, Buffer.from(salt, "base64"), "colloquy conversation", keyBytes);
    const key = Buffer.from(derived);
    return {
      close: (place, text) => sealText(key, ["conversation", id, place], text),
      open(place, sealed) {
        const text = openText(key, ["conversation", id, place], sealed);
        if (text === undefined)
          throw unreadable(`A part of conversation ${id} cannot be decrypted with the key given.`);
        return text;
      },
    };
  }

  #openOne(key: Buffer | undefined, sessionId: SessionId, name: string, text: string): string {
    if (!key && text.startsWith(plainMark)) return JSON.parse(text.slice(plainMark.length)) as string;
    // With a key in use, a text that is not sealed was not put there by a store: it is not trusted.
    const opened =
      key && text.startsWith(sealedMark) ? openText(key, [sessionId, name], text.slice(sealedMark.length)) : undefined;
    if (opened === undefined)
      throw unreadable(`The stored secrets of session ${sessionId} cannot be decrypted with the key given.`, sessionId);
    return JSON.parse(opened) as string;
  }

  async #currentKey(): Promise<Buffer | undefined> {
    const secretKey = this.#secretKey;
    if (secretKey === undefined) {
      if (await this.#place.read()) throw unreadable("The secrets in the store are encrypted, and no key was given.");
      return undefined;
    }
    this.#key ??= this.#establish(secretKey).catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    return this.#key;
  }

  async #establish(secretKey: string): Promise<Buffer> {
    const kept = await this.#place.read();
    if (kept) return openMark(secretKey, kept);
    const salt = randomBytes(saltBytes);
    const key = await deriveKey(secretKey, salt);
    const own = { salt: salt.toString("base64"), check: sealText(key, checkPlace, checkText) };
    const mark = await this.#place.establish(own);
    return mark.salt === own.salt ? key : openMark(secretKey, mark);
  }
}

async function openMark(secretKey: string, mark: SealMark): Promise<Buffer> {
  const key = await deriveKey(secretKey, Buffer.from(mark.salt, "base64"));
  if (openText(key, checkPlace, mark.check) !== checkText)
    throw unreadable("The secrets in the store are encrypted with another key than the one given.");
  return key;
}

function unreadable(message: string, sessionId?: SessionId): ColloquyError {
  return new ColloquyError({ code: "SECRET_UNREADABLE", message, ...(sessionId === undefined ? {} : { sessionId }) });
}

/** Slow on purpose (tens of milliseconds), off the main thread. */
function deriveKey(secretKey: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secretKey, salt, keyBytes, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
