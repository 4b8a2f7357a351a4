import { ColloquyError } from "@colloquy/core/contract";
import type { Cluster, Redis } from "ioredis";

/** Of `redisBudget`. Give `url` or `client`. */
export interface RedisBudgetOptions {
  /** `redis://` or `rediss://`, with user, password and database as usual. The connection is made at the first use. */
  readonly url?: string;
  /** A connection of yours, or a cluster. It stays open when the budget is closed. */
  readonly client?: Redis | Cluster;
  /** Begins every key. Programs with another prefix share nothing. Default `colloquy:`. */
  readonly prefix?: string;
  /** A call that takes longer has failed, in milliseconds. Not for a `client` of yours. Default 400. */
  readonly commandTimeoutMs?: number;
}

export interface Settings {
  readonly url: string | undefined;
  readonly client: Redis | Cluster | undefined;
  readonly prefix: string;
  readonly commandTimeoutMs: number;
}

/** Throws `CONFIG_INVALID`. */
export function settingsOf(given: RedisBudgetOptions): Settings {
  const { url, client, prefix = "colloquy:", commandTimeoutMs = 400 } = given;
  if ((url === undefined) === (client === undefined)) throw wrong("give either `url` or `client`.");
  // The text may hold a password: it is not repeated.
  if (url !== undefined && !(URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)))
    throw wrong("`url` must be a redis:// or rediss:// address.");
  if (typeof prefix !== "string" || /[{}]/.test(prefix)) throw wrong("`prefix` must be a text without braces.");
  if (!Number.isSafeInteger(commandTimeoutMs) || commandTimeoutMs < 1)
    throw wrong("`commandTimeoutMs` must be a whole number of milliseconds above 0.");
  return { url, client, prefix, commandTimeoutMs };
}

function wrong(message: string): ColloquyError {
  return new ColloquyError({ code: "CONFIG_INVALID", message: `redisBudget: ${message}` });
}
