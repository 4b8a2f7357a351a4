import { SecretSeal, type StoreWithTranscripts } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import { transcriptStore } from "../transcripts/transcript-store.js";
import { askStore } from "./asks.js";
import { sessionNotFound } from "./failure.js";
import { inboxStore } from "./inbox.js";
import { Keys } from "./keys.js";
import { leaseStore } from "./leases.js";
import { logStore } from "./log.js";
import { type RedisStoreOptions, storeSettingsOf } from "./options.js";
import { outboxStore } from "./outbox.js";
import { recordStore } from "./records.js";
import { sealAll, sealMarkPlace, secretStore } from "./secrets.js";
import { Server } from "./server.js";
import { SessionOrder } from "./session-order.js";

/** Of the layout of keys and values. */
const format = 1;

/**
 * Keeps sessions in Redis 5 or later, for many processes on many machines. Each step is one script on the keys of one session or
 * conversation.
 * How long what was acknowledged lives is the server's affair: `manifest.durability` says it once the store is open. `none`: the
 * server keeps no append-only file. `process`: it outlives processes, also the server's, and a loss of power may take the last
 * second. `power`: the server syncs each write.
 *
 * Throws `CONFIG_INVALID` for wrong options. `open()` fails with `STORE_UNAVAILABLE`, with `STORE_SCHEMA_NEWER`, or with
 * `CONFIG_INVALID` when the server is too old, a replica, or one that may drop sessions when its memory is short.
 */
export function redisStore(options: RedisStoreOptions): StoreWithTranscripts {
  const settings = storeSettingsOf(options, process.env);
  const server = new Server(settings);
  const keys = new Keys(settings.prefix);
  const order = new SessionOrder(server, keys);
  const seal = new SecretSeal(settings.secretKey, sealMarkPlace(server, keys));
  const leases = leaseStore(server, keys);
  const asks = askStore(server, keys);
  const transcripts = transcriptStore(server, settings.prefix, seal, async (sessionId) => {
    if ((await server.read((client) => client.exists(keys.of(sessionId, "record")))) !== 1)
      throw sessionNotFound(sessionId);
  });
  const prepare = async (): Promise<void> => {
    await server.open();
    try {
      await server.write((client) => client.hsetnx(keys.meta, "format", format));
      if (Number(await server.read((client) => client.hget(keys.meta, "format"))) > format)
        throw new ColloquyError({
          code: "STORE_SCHEMA_NEWER",
          message: "The store in Redis was written by a newer version.",
        });
      if (seal.isSealing) await sealAll(server, keys, seal, order);
    } catch (error) {
      await server.close();
      throw error;
    }
  };
  let opening: Promise<void> | undefined;
  return {
    get manifest() {
      const durability = server.facts?.durability ?? "none";
      return { name: "redis", durability, shared: true, encryptsSecrets: seal.isSealing, keepsTranscripts: true };
    },
    open() {
      opening ??= prepare().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    async close() {
      await opening?.catch(() => {});
      opening = undefined;
      await server.close();
    },
    records: recordStore(server, keys, order, async (sessionId) => {
      await asks.forget(sessionId);
      await transcripts.forget(sessionId);
      await leases.forget(sessionId);
    }),
    log: logStore(server, keys),
    outbox: outboxStore(server, keys),
    inbox: inboxStore(server, keys),
    secrets: secretStore(server, keys, seal),
    leases: leases.store,
    asks: asks.store,
    transcripts: transcripts.store,
  };
}
