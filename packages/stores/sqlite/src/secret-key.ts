import { ColloquyError } from "@colloquy/core/contract";
import { cipherName, deriveKey, newSalt, seal, unseal } from "./cipher.js";
import type { Database } from "./database.js";
import type { SqlValue } from "./driver/driver.js";
import { idOf } from "./key-text.js";
import type { Sql } from "./sql.js";

const checkPlace = ["meta", "key_check"];
const checkText = "colloquy";

/** The key of this database's secrets: derived when first needed, and checked against what the database was sealed with. */
export class SecretKey {
  readonly #database: Database;
  readonly #secret: string | undefined;
  #key: Promise<Buffer> | undefined;

  constructor(database: Database, secret: string | undefined) {
    this.#database = database;
    this.#secret = secret;
  }

  /** Undefined when secrets are stored as they are. Fails with `SECRET_UNREADABLE` when the key is missing or another one. */
  async current(): Promise<Buffer | undefined> {
    const secret = this.#secret;
    if (secret === undefined) {
      await this.#database.read((sql) => refuseWithoutKey(sql));
      return undefined;
    }
    this.#key ??= this.#establish(secret).catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    return this.#key;
  }

  /** On the first opening with a key, encrypts what is there. Otherwise leaves the slow derivation for when it is needed. */
  async afterOpen(): Promise<void> {
    if (this.#secret === undefined || (await this.#database.read(isSealed))) return;
    await this.current();
    await this.#database.checkpoint();
  }

  async #establish(secret: string): Promise<Buffer> {
    const salt = await this.#database.write((sql) => {
      sql.run("INSERT OR IGNORE INTO meta (name, value) VALUES ('salt', ?)", newSalt().toString("base64"));
      return metaValue(sql, "salt") as string;
    });
    const key = await deriveKey(secret, Buffer.from(salt, "base64"));
    if (!(await this.#database.read(isSealed))) await this.#database.write((sql) => sealAll(sql, key));
    const isRight = await this.#database.read(
      (sql) => unseal(key, checkPlace, Buffer.from(metaValue(sql, "key_check") ?? "", "base64")) === checkText,
    );
    if (!isRight) throw unreadable("The secrets in the store are encrypted with another key than the one given.");
    return key;
  }
}

/** To be called wherever a secret is about to be stored as it is. */
export function refuseWithoutKey(sql: Sql): void {
  if (isSealed(sql)) throw unreadable("The secrets in the store are encrypted, and no key was given.");
}

export function unreadable(message: string, sessionId?: string): ColloquyError {
  return new ColloquyError({ code: "SECRET_UNREADABLE", message, ...(sessionId === undefined ? {} : { sessionId }) });
}

function isSealed(sql: Sql): boolean {
  return metaValue(sql, "key_check") !== undefined;
}

function metaValue(sql: Sql, name: string): string | undefined {
  return sql.get("SELECT value FROM meta WHERE name = ?", name)?.["value"] as string | undefined;
}

function sealAll(sql: Sql, key: Buffer): void {
  // Another process may have been first, maybe with another key.
  if (isSealed(sql)) return;
  sql.script("PRAGMA secure_delete = ON");
  for (const { session_id, name, value } of sql.all(
    "SELECT session_id, name, value FROM secrets WHERE cipher = 'none'",
  )) {
    const place = [idOf(session_id as string), idOf(name as string)];
    const sealed = seal(key, place, textOf(value as SqlValue));
    sql.run(
      "UPDATE secrets SET cipher = ?, value = ? WHERE session_id = ? AND name = ?",
      cipherName,
      sealed,
      session_id as string,
      name as string,
    );
  }
  sql.run(
    "INSERT INTO meta (name, value) VALUES ('key_check', ?)",
    seal(key, checkPlace, checkText).toString("base64"),
  );
  sql.script("PRAGMA secure_delete = FAST");
}

/** Drivers give bytes as a `Buffer`, a `Uint8Array` or an `ArrayBuffer`. */
export function bytesOf(value: SqlValue | ArrayBuffer): Buffer {
  return Buffer.from(value as Uint8Array);
}

function textOf(value: SqlValue): string {
  return bytesOf(value).toString("utf8");
}
