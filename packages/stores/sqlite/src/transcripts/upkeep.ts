import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "../database.js";
import type { Sql } from "../sql.js";
import { placeArrivals } from "./arrivals.js";
import { indexBatch } from "./index-batch.js";

// The more at once, the less for each of them; but others wait meanwhile, some 40 milliseconds.
const mostWaitingCount = 4_000;
const mostWaitingBytes = 1_048_576;
const pauseMs = 1_000;

/**
 * Takes new messages to their places soon after they arrived, and their words into the index. Nothing depends on it: reading
 * looks at both, a change and a search do it first for what they touch, and what a killed process leaves the next one takes.
 */
export class Upkeep {
  readonly #database: Database;
  readonly #isIndexedAtOnce: boolean;
  #waitingCount = 0;
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #placing: Promise<void> | undefined;
  #indexing: Promise<void> | undefined;

  constructor(database: Database, isIndexedAtOnce: boolean) {
    this.#database = database;
    this.#isIndexedAtOnce = isIndexedAtOnce;
  }

  /** Messages were added; `bytes` may be a guess. `position`: where the last of them arrived, behind those of other processes. */
  note(count: number, bytes: number, position = 0): void {
    this.#waitingCount += count;
    this.#waitingBytes += bytes;
    const most = Math.max(this.#waitingCount, position);
    if (most >= mostWaitingCount || this.#waitingBytes >= mostWaitingBytes) this.start();
    else this.#startLater();
  }

  start(): void {
    this.#placing ??= this.#place().finally(() => {
      this.#placing = undefined;
      if (this.#waitingCount > 0) this.#startLater();
      // Apart, because it gives way to other work, and messages arrive meanwhile.
      if (this.#isIndexedAtOnce) this.#indexing ??= this.#index().finally(() => (this.#indexing = undefined));
    });
  }

  /** Before closing, so that a process that lives shortly leaves nothing to others. */
  async finish(): Promise<void> {
    await this.#placing;
    if (this.#waitingCount > 0) this.start();
    await this.#placing;
    await this.#indexing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #startLater(): void {
    this.#timer ??= setTimeout(() => this.start(), pauseMs).unref();
  }

  async #place(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitingCount = 0;
    this.#waitingBytes = 0;
    await this.#try((sql) => placeArrivals(sql));
  }

  async #index(): Promise<void> {
    while (await this.#try(indexBatch)) await nextTurn();
  }

  /** Undefined where a full disk or a long lock refused it: the next message, change or search brings it on. */
  #try<T>(write: (sql: Sql) => T): Promise<T | undefined> {
    return this.#database.write(write).catch(() => undefined);
  }
}
