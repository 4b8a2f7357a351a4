import type { StoreWithTranscripts } from "@colloquy/core";
import { askStore } from "./asks.js";
import { Database } from "./database.js";
import { inboxStore } from "./inbox.js";
import { leaseStore } from "./leases.js";
import { logStore } from "./log.js";
import { type SqliteStoreOptions, settingsOf } from "./options.js";
import { outboxStore } from "./outbox.js";
import { recordStore } from "./records.js";
import { SecretKey } from "./secret-key.js";
import { secretStore } from "./secrets.js";
import { transcriptStore } from "./transcripts/transcript-store.js";
import { Upkeep } from "./transcripts/upkeep.js";

/**
 * Keeps sessions in one SQLite file that several processes of one machine may share. What a method has acknowledged
 * survives `kill -9`; with `durability: "full"`, also the loss of power. Not for network folders.
 *
 * Throws `CONFIG_INVALID` for wrong options; the file is first touched by `open()`, which fails with `STORE_UNAVAILABLE`,
 * `STORE_CORRUPT`, `STORE_SCHEMA_NEWER`, or `CONFIG_INVALID` when the file belongs to another application.
 */
export function sqliteStore(options: string | SqliteStoreOptions): StoreWithTranscripts {
  const settings = settingsOf(options, process.env);
  const database = new Database(settings);
  const secretKey = new SecretKey(database, settings.secretKey);
  const upkeep = new Upkeep(database, settings.searchIndex === "at_once");
  return {
    manifest: {
      name: "sqlite",
      durability: settings.durability === "full" ? "power" : "process",
      shared: true,
      encryptsSecrets: settings.secretKey !== undefined,
      keepsTranscripts: true,
    },
    async open() {
      await database.open();
      try {
        await secretKey.afterOpen();
      } catch (error) {
        await database.close();
        throw error;
      }
    },
    async close() {
      await upkeep.finish();
      await database.close();
    },
    records: recordStore(database),
    log: logStore(database),
    outbox: outboxStore(database),
    inbox: inboxStore(database),
    secrets: secretStore(database, secretKey),
    leases: leaseStore(database, settings.now),
    asks: askStore(database),
    transcripts: transcriptStore(database, {
      secretKey,
      hasSecret: settings.secretKey !== undefined,
      upkeep,
    }),
  };
}
