import { setTimeout as pause } from "node:timers/promises";
import { ColloquyError, isColloquyError } from "@colloquy/core/contract";
import { ensureFile } from "./database-file.js";
import { chooseDriver } from "./driver/choose.js";
import type { Connection } from "./driver/driver.js";
import { kindOf, storeFailure } from "./failure.js";
import type { Settings } from "./options.js";
import { quarantined } from "./quarantine.js";
import { checkOwnership, migrate } from "./schema.js";
import { Sql } from "./sql.js";
import { inTransaction, WriteQueue } from "./write-queue.js";

const pauseWhenLockedMs = 5;

/** One connection: opened once, read at once, written in batches. All failures leave here as errors of ours. */
export class Database {
  readonly #settings: Settings;
  #opening: Promise<void> | undefined;
  #sql: Sql | undefined;
  #writes: WriteQueue | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get path(): string {
    return this.#settings.path;
  }

  /** Does nothing when it is open or opening. After a failure it may be tried again. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      const failure = storeFailure(this.path, error);
      throw this.#settings.corruptFile === "quarantine"
        ? quarantined(this.path, failure, this.#settings.now())
        : failure;
    });
    return this.#opening;
  }

  async read<T>(run: (sql: Sql) => T): Promise<T> {
    const sql = this.#needOpen();
    try {
      return await this.#patiently(() => run(sql));
    } catch (error) {
      throw storeFailure(this.path, error);
    }
  }

  /** In one transaction. `run` must refuse before it writes. */
  async write<T>(run: (sql: Sql) => T): Promise<T> {
    this.#needOpen();
    try {
      return await (this.#writes as WriteQueue).add(run);
    } catch (error) {
      throw storeFailure(this.path, error);
    }
  }

  /** Moves the write-ahead log into the file, as far as other processes allow. */
  async checkpoint(): Promise<void> {
    const sql = this.#needOpen();
    await this.#writes?.idle();
    sql.all("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Finishes the writes under way first. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    const sql = this.#sql;
    if (!sql) return;
    const writes = this.#writes;
    this.#sql = undefined;
    this.#opening = undefined;
    await writes?.idle();
    try {
      sql.all("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // Not needed for safety: the next opening reads the log.
    }
    sql.close();
  }

  async #open(): Promise<void> {
    ensureFile(this.path);
    const driver = await chooseDriver(this.#settings.driver);
    const connection = await this.#patiently(() => driver.open(this.path));
    const sql = new Sql(connection);
    try {
      await this.#prepare(connection, sql);
    } catch (error) {
      sql.close();
      throw error;
    }
    this.#sql = sql;
    this.#writes = new WriteQueue(sql, (run) => this.#patiently(run), isColloquyError);
  }

  async #prepare(connection: Connection, sql: Sql): Promise<void> {
    const { busyTimeoutMs, durability } = this.#settings;
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    await this.#patiently(() => inTransaction(sql, () => checkOwnership(this.path, sql), "BEGIN"));
    // SQLite does not wait by itself for the lock that this needs when several processes begin at once.
    const journal = await this.#patiently(() => sql.get("PRAGMA journal_mode = WAL")?.["journal_mode"]);
    if (journal !== "wal")
      throw new ColloquyError({
        code: "STORE_UNAVAILABLE",
        message: `The store ${this.path} cannot use a write-ahead log; its journal mode stays ${String(journal)}.`,
        userAction: "Put the file on a local disk: network folders cannot share the memory that the log needs.",
        retryable: false,
      });
    connection.exec("PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST;");
    // 16 MB instead of the usual 4: each moving of the log waits for the disk twice, and pages change many times in between.
    connection.exec("PRAGMA wal_autocheckpoint = 4000");
    // 16 MB instead of 2: what a thousand conversations are written to stays at hand.
    connection.exec("PRAGMA cache_size = -16000");
    connection.exec(
      durability === "full" ? "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;" : "PRAGMA synchronous = NORMAL;",
    );
    await this.#patiently(() => inTransaction(sql, () => migrate(sql)));
  }

  /**
   * Repeats what finds the database locked. Mostly SQLite waits by itself (`busy_timeout`); but some locks (recovery,
   * changing the journal mode, the last connection closing) make it give up at once, and two writers may starve a third.
   */
  async #patiently<T>(run: () => T): Promise<T> {
    const giveUpAtMs = performance.now() + 2 * this.#settings.busyTimeoutMs;
    for (;;) {
      try {
        return run();
      } catch (error) {
        if (kindOf(error) !== "busy" || performance.now() >= giveUpAtMs) throw error;
      }
      await pause(pauseWhenLockedMs);
    }
  }

  #needOpen(): Sql {
    if (this.#sql) return this.#sql;
    throw new ColloquyError({
      code: "STORE_UNAVAILABLE",
      message: `The store ${this.path} is not open.`,
      userAction: "Call `open()` first.",
      retryable: false,
    });
  }
}
