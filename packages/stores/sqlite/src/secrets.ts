import type { SecretStore } from "@colloquy/core";
import { cipherName, seal, unseal } from "./cipher.js";
import type { Database } from "./database.js";
import type { SqlRow } from "./driver/driver.js";
import { idOf, keyText } from "./key-text.js";
import { needSession } from "./records.js";
import { bytesOf, refuseWithoutKey, type SecretKey, unreadable } from "./secret-key.js";

// As JSON, so that text which is not well-formed comes back the same.
const plainCipher = "none";

/** A sealed value is bound to its session and its name: moved to another row, it cannot be opened. */
export function secretStore(database: Database, secretKey: SecretKey): SecretStore {
  const open = (sessionId: string, name: string, key: Buffer | undefined, { cipher, value }: SqlRow): string => {
    const bytes = bytesOf(value as Uint8Array);
    if (key === undefined && cipher === plainCipher) return JSON.parse(bytes.toString("utf8")) as string;
    // With a key in use, a value that is not sealed was not put there by a store: it is not trusted.
    const text = key !== undefined && cipher === cipherName ? unseal(key, [sessionId, name], bytes) : undefined;
    if (text === undefined)
      throw unreadable(`The stored secrets of session ${sessionId} cannot be decrypted with the key given.`, sessionId);
    return JSON.parse(text) as string;
  };

  return {
    async put(sessionId, secrets) {
      const key = await secretKey.current();
      const rows = Object.entries(secrets).map(([name, secret]) => {
        const text = JSON.stringify(secret);
        return { name: keyText(name), value: key ? seal(key, [sessionId, name], text) : Buffer.from(text, "utf8") };
      });
      await database.write((sql) => {
        needSession(sql, sessionId);
        if (!key) refuseWithoutKey(sql);
        for (const { name, value } of rows)
          sql.run(
            "INSERT INTO secrets (session_id, name, cipher, value) VALUES (?, ?, ?, ?) ON CONFLICT (session_id, name) DO UPDATE SET cipher = excluded.cipher, value = excluded.value",
            keyText(sessionId),
            name,
            key ? cipherName : plainCipher,
            value,
          );
      });
    },

    async get(sessionId) {
      const rows = await database.read((sql) =>
        sql.all("SELECT name, cipher, value FROM secrets WHERE session_id = ?", keyText(sessionId)),
      );
      if (rows.length === 0) return {};
      const key = await secretKey.current();
      return Object.fromEntries(
        rows.map((row) => {
          const name = idOf(row["name"] as string);
          return [name, open(sessionId, name, key, row)];
        }),
      );
    },

    async remove(sessionId) {
      await database.write((sql) => sql.run("DELETE FROM secrets WHERE session_id = ?", keyText(sessionId)));
    },
  };
}
