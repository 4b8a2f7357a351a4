import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "../database.js";
import { placeArrivals } from "./arrivals.js";
import { indexBatch } from "./index-batch.js";

// The more at once, the less for each of them; but others wait meanwhile, some ten milliseconds.
const mostWaitingCount = 1_000;
const mostWaitingBytes = 524_288;
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
  #running: Promise<void> | undefined;

  constructor(database: Database, isIndexedAtOnce: boolean) {
    this.#database = database;
    this.#isIndexedAtOnce = isIndexedAtOnce;
  }

  /** Messages were added; `bytes` may be a guess. */
  note(count: number, bytes: number): void {
    this.#waitingCount += count;
    this.#waitingBytes += bytes;
    if (this.#waitingCount >= mostWaitingCount || this.#waitingBytes >= mostWaitingBytes) this.start();
    else this.#timer ??= setTimeout(() => this.start(), pauseMs).unref();
  }

  start(): void {
    this.#running ??= this.#run()
      .catch(() => {
        // Refused by a full disk, a long lock: the next message, change or search brings it on.
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Before closing, so that a process that lives shortly leaves nothing to others. */
  async finish(): Promise<void> {
    await this.#running;
    if (this.#waitingCount > 0) this.start();
    await this.#running;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitingCount = 0;
    this.#waitingBytes = 0;
    await this.#database.write((sql) => placeArrivals(sql));
    while (this.#isIndexedAtOnce && (await this.#database.write(indexBatch))) await nextTurn();
  }
}
