import { type Logger, silentLogger } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import type { Cluster, Redis } from "ioredis";

/** Of `redisStore`. Give `url` or `client`. */
export interface RedisStoreOptions {
  /** `redis://` or `rediss://`, with user, password and database as usual. The connection is made by `open()`. */
  readonly url?: string;
  /** A connection of yours, or a cluster. It stays open when the store is closed. */
  readonly client?: Redis | Cluster;
  /** Begins every key. Stores with another prefix share nothing. Default `colloquy:`. */
  readonly prefix?: string;
  /**
   * Encrypts stored secrets (session keys, webhook secrets). Any text; long and random is best.
   * Default: the environment variable `COLLOQUY_SECRET_KEY`; without it, secrets are stored as they are.
   */
  readonly secretKey?: string;
  /**
   * A call waits so long for a server that is away or does not answer, in milliseconds, over a restart of it if need be;
   * then it fails with `STORE_UNAVAILABLE`. Default 5,000.
   */
  readonly timeoutMs?: number;
  /** Hears at `open()` what the server lacks. Default: nobody does. */
  readonly logger?: Logger;
}

export interface StoreSettings {
  readonly url: string | undefined;
  readonly client: Redis | Cluster | undefined;
  readonly prefix: string;
  readonly secretKey: string | undefined;
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** Throws `CONFIG_INVALID`. */
export function storeSettingsOf(given: RedisStoreOptions, environment: NodeJS.ProcessEnv): StoreSettings {
  const { url, client, prefix = "colloquy:", secretKey, timeoutMs = 5_000, logger = silentLogger } = given;
  if ((url === undefined) === (client === undefined)) throw wrongOption("give either `url` or `client`.");
  // The text may hold a password: it is not repeated.
  if (url !== undefined && !(URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)))
    throw wrongOption("`url` must be a redis:// or rediss:// address.");
  if (typeof prefix !== "string" || /[{}]/.test(prefix)) throw wrongOption("`prefix` must be a text without braces.");
  if (secretKey === "") throw wrongOption("`secretKey` must not be empty.");
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 2 ** 31 - 1)
    throw wrongOption("`timeoutMs` must be a whole number of milliseconds, from 1 to 2,147,483,647.");
  return {
    url,
    client,
    prefix,
    secretKey: secretKey ?? (environment["COLLOQUY_SECRET_KEY"] || undefined),
    timeoutMs,
    logger,
  };
}

function wrongOption(message: string): ColloquyError {
  return new ColloquyError({ code: "CONFIG_INVALID", message: `redisStore: ${message}` });
}
