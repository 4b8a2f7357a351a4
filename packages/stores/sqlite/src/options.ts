import { resolve } from "node:path";
import type { Clock } from "@colloquy/core";
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
  /**
   * When a message comes into the index that `transcripts.search` uses. `at_once`: soon after it is there, some at a time.
   * `on_search`: only by the next search, which makes appending faster and that search slower. A search finds every message
   * either way. Processes with different settings may share a file. Default `at_once`.
   */
  readonly searchIndex?: "at_once" | "on_search";
  /**
   * What `open()` does with a file that is damaged or no database; it fails with `STORE_CORRUPT` either way. `leave`: nothing.
   * `quarantine`: renames it, with its -wal and -shm files, to `….corrupt-` and the instant, and says so; opening again begins
   * with an empty store. Default `leave`.
   */
  readonly corruptFile?: "leave" | "quarantine";
  /** How long a call waits for locks of other processes, in milliseconds; then it fails with `STORE_UNAVAILABLE`. Default 10,000. */
  readonly busyTimeoutMs?: number;
  /** Default: the first of `node:sqlite`, `libsql`, `better-sqlite3` that this runtime has. */
  readonly driver?: DriverName;
  /** Tells when leases run out. For tests; default: the machine's clock. */
  readonly clock?: Pick<Clock, "now">;
}

export interface Settings {
  readonly path: string;
  readonly secretKey: string | undefined;
  readonly durability: "normal" | "full";
  readonly searchIndex: "at_once" | "on_search";
  readonly corruptFile: "leave" | "quarantine";
  readonly busyTimeoutMs: number;
  readonly driver: DriverName | undefined;
  readonly now: () => number;
}

/** Throws `CONFIG_INVALID`. */
export function settingsOf(given: string | SqliteStoreOptions, environment: NodeJS.ProcessEnv): Settings {
  const {
    path,
    secretKey,
    durability = "normal",
    searchIndex = "at_once",
    corruptFile = "leave",
    busyTimeoutMs = 10_000,
    driver,
    clock = Date,
  } = typeof given === "string" ? { path: given } : given;
  if (typeof path !== "string" || path === "") throw wrong("`path` must name a file.");
  if (path.startsWith(":memory:")) throw wrong("`path` must name a file; for a store in memory use `memoryStore()`.");
  if (path.includes("\0")) throw wrong("`path` must not contain a NUL character.");
  if (secretKey === "") throw wrong("`secretKey` must not be empty.");
  if (durability !== "normal" && durability !== "full") throw wrong('`durability` must be "normal" or "full".');
  if (searchIndex !== "at_once" && searchIndex !== "on_search")
    throw wrong('`searchIndex` must be "at_once" or "on_search".');
  if (corruptFile !== "leave" && corruptFile !== "quarantine")
    throw wrong('`corruptFile` must be "leave" or "quarantine".');
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0 || busyTimeoutMs > 2 ** 31 - 1)
    throw wrong("`busyTimeoutMs` must be a whole number of milliseconds, from 0 to 2,147,483,647.");
  return {
    path: resolve(path),
    secretKey: secretKey ?? (environment["COLLOQUY_SECRET_KEY"] || undefined),
    durability,
    searchIndex,
    corruptFile,
    busyTimeoutMs,
    driver,
    now: () => clock.now(),
  };
}

function wrong(message: string): ColloquyError {
  return new ColloquyError({ code: "CONFIG_INVALID", message: `sqliteStore: ${message}` });
}
