import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "../database.js";
import { batchCount, indexBatch } from "./index-batch.js";

// Little enough that no search waits long for what is left to it.
const mostWaitingBytes = 262_144;
const pauseMs = 1_000;

/**
 * Takes the words of new messages into the index soon after them. Nothing depends on it: what is not in the index is marked so
 * in the file, and each search takes it in first.
 */
export class IndexSchedule {
  /** How often words were taken into the index: after each time the conversations are no longer marked. */
  roundCount = 0;
  readonly #database: Database;
  readonly #isAtOnce: boolean;
  #waitingCount = 0;
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(database: Database, isAtOnce: boolean) {
    this.#database = database;
    this.#isAtOnce = isAtOnce;
  }

  /** Messages were added; `bytes` may be a guess. */
  note(count: number, bytes: number): void {
    if (!this.#isAtOnce) return;
    this.#waitingCount += count;
    this.#waitingBytes += bytes;
    if (this.#waitingCount >= batchCount || this.#waitingBytes >= mostWaitingBytes) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), pauseMs).unref();
  }

  /** Before closing, so that a process that lives shortly leaves nothing to others. */
  async finish(): Promise<void> {
    if (this.#waitingCount > 0) this.#start();
    await this.#running;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#waitingCount > 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const left = this.#waitingCount - batchCount;
      this.#waitingCount = Math.max(0, left);
      this.#waitingBytes = 0;
      this.roundCount++;
      // Refused by a full disk, a long lock: the next search or the next message brings it on.
      const isDone = await this.#database.write(indexBatch).then(
        () => true,
        () => false,
      );
      if (!isDone || left < batchCount) return;
      await nextTurn();
    }
  }
}
