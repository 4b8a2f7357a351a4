import { resolve } from "node:path";
import { ColloquyError } from "@colloquy/core/contract";
import type { DriverName } from "./driver/driver.js";

/** Of `sqliteStore`. */
export interface SqliteStoreOptions {
  /** The database file. Made when it is missing, with its folder; relative to the working directory. */
  readonly path: string;
  /**
   * Encrypts stored secrets (session keys, webhook secrets). Any text; long and random is best.
   * Default: the environment variable `COLLOQUY_SECRET_KEY`; without it, secrets are stored as they are.
   */
  readonly secretKey?: string;
  /**
   * `normal`: every acknowledged write survives the death of the process; the loss of power may take the last ones, and
   * never damages the file. `full`: they survive that too, and each commit waits for the disk. Default `normal`.
   */
  readonly durability?: "normal" | "full";
  /** How long one attempt waits for another process's lock, in milliseconds. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Default: the first of `node:sqlite`, `libsql`, `better-sqlite3` that this runtime has. */
  readonly driver?: DriverName;
}

export interface Settings {
  readonly path: string;
  readonly secretKey: string | undefined;
  readonly durability: "normal" | "full";
  readonly busyTimeoutMs: number;
  readonly driver: DriverName | undefined;
}

/** Throws `CONFIG_INVALID`. */
export function settingsOf(given: string | SqliteStoreOptions, environment: NodeJS.ProcessEnv): Settings {
  const {
    path,
    secretKey,
    durability = "normal",
    busyTimeoutMs = 5_000,
    driver,
  } = typeof given === "string" ? { path: given } : given;
  if (typeof path !== "string" || path === "") throw wrong("`path` must name a file.");
  if (path.startsWith(":memory:")) throw wrong("`path` must name a file; for a store in memory use `memoryStore()`.");
  if (path.includes("\0")) throw wrong("`path` must not contain a NUL character.");
  if (secretKey === "") throw wrong("`secretKey` must not be empty.");
  if (durability !== "normal" && durability !== "full") throw wrong('`durability` must be "normal" or "full".');
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0 || busyTimeoutMs > 2 ** 31 - 1)
    throw wrong("`busyTimeoutMs` must be a whole number of milliseconds, from 0 to 2,147,483,647.");
  return {
    path: resolve(path),
    secretKey: secretKey ?? (environment["COLLOQUY_SECRET_KEY"] || undefined),
    durability,
    busyTimeoutMs,
    driver,
  };
}

function wrong(message: string): ColloquyError {
  return new ColloquyError({ code: "CONFIG_INVALID", message: `sqliteStore: ${message}` });
}
