import { setImmediate as nextTurn } from "node:timers/promises";
import { ColloquyError, isColloquyError } from "@colloquy/core/contract";
import { ensureFile } from "./database-file.js";
import { chooseDriver } from "./driver/choose.js";
import type { Connection } from "./driver/driver.js";
import { storeFailure } from "./failure.js";
import type { Settings } from "./options.js";
import { patiently } from "./patience.js";
import { quarantined } from "./quarantine.js";
import { checkOwnership, migrate } from "./schema.js";
import { Sql } from "./sql.js";
import { inTransaction, WriteQueue } from "./write-queue.js";

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

  /** Of one state of the file, though it may take several statements. */
  readTogether<T>(run: (sql: Sql) => T): Promise<T> {
    return this.read((sql) => inTransaction(sql, () => run(sql), "BEGIN"));
  }

  /** In one transaction. `run` must refuse before it writes. */
  write<T>(run: (sql: Sql) => T): Promise<T> {
    return this.#writes?.add(run) ?? Promise.reject(this.#notOpen());
  }

  /** `alone` is tried first: one statement, in no transaction, that answers undefined where it could not and wrote nothing. */
  writeAlone<T>(alone: (sql: Sql) => T | undefined, run: (sql: Sql) => T): Promise<T> {
    return this.#writes?.add(run, alone) ?? Promise.reject(this.#notOpen());
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
    this.#writes = undefined;
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
    this.#writes = new WriteQueue(sql, {
      // A commit that waits for the disk is worth waiting for all that the event loop has to deliver; another one is not.
      gather: () => (this.#settings.durability === "full" ? nextTurn() : Promise.resolve()),
      patiently: (run) => this.#patiently(run),
      isRefusal: isColloquyError,
      failure: (error) => storeFailure(this.path, error),
    });
  }

  async #prepare(connection: Connection, sql: Sql): Promise<void> {
    // See `patiently`, which waits instead.
    connection.exec("PRAGMA busy_timeout = 0");
    await this.#patiently(() => inTransaction(sql, () => checkOwnership(this.path, sql), "BEGIN"));
    const journal = await this.#patiently(() => sql.get("PRAGMA journal_mode = WAL")?.["journal_mode"]);
    if (journal !== "wal")
      throw new ColloquyError({
        code: "STORE_UNAVAILABLE",
        message: `The store ${this.path} cannot use a write-ahead log; its journal mode stays ${String(journal)}.`,
        userAction: "Put the file on a local disk: network folders cannot share the memory that the log needs.",
        retryable: false,
      });
    connection.exec("PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST;");
    // 40 MB instead of the usual 4: each moving of the log waits for the disk twice, and pages change many times in between.
    connection.exec("PRAGMA wal_autocheckpoint = 10000");
    // 16 MB instead of 2: what a thousand conversations are written to stays at hand.
    connection.exec("PRAGMA cache_size = -16000");
    connection.exec(
      this.#settings.durability === "full"
        ? "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;"
        : "PRAGMA synchronous = NORMAL;",
    );
    await this.#patiently(() => inTransaction(sql, () => migrate(sql)));
  }

  #patiently<T>(run: () => T): Promise<T> {
    return patiently(this.#settings.busyTimeoutMs, run);
  }

  #needOpen(): Sql {
    if (this.#sql) return this.#sql;
    throw this.#notOpen();
  }

  #notOpen(): ColloquyError {
    return new ColloquyError({
      code: "STORE_UNAVAILABLE",
      message: `The store ${this.path} is not open.`,
      userAction: "Call `open()` first.",
      retryable: false,
    });
  }
}
