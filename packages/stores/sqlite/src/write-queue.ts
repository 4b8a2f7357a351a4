import type { Sql } from "./sql.js";

interface Job {
  readonly run: (sql: Sql) => unknown;
  readonly alone: ((sql: Sql) => unknown) | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Result = { readonly value: unknown } | { readonly refusal: unknown };

export interface WriteQueueOptions {
  /** Lets whatever else is about to write join. */
  readonly gather: () => Promise<unknown>;
  /** Repeats what finds the database locked. */
  readonly patiently: <T>(run: () => T) => Promise<T>;
  /** A refusal of ours, which leaves nothing behind: see `WriteQueue.add`. */
  readonly isRefusal: (error: unknown) => boolean;
  /** What callers are told of any other error. */
  readonly failure: (error: unknown) => unknown;
}

/**
 * Gathers the writes asked for at about the same time and commits them together. One commit costs about the same for one
 * write or for a hundred, above all when it waits for the disk. A promise settles after its commit, never before.
 */
export class WriteQueue {
  readonly #sql: Sql;
  readonly #options: WriteQueueOptions;
  #waiting: Job[] = [];
  #flushing: Promise<void> | undefined;

  constructor(sql: Sql, options: WriteQueueOptions) {
    this.#sql = sql;
    this.#options = options;
  }

  /**
   * `run` must refuse before it writes, because its neighbours in the same transaction are committed all the same. `alone` is
   * tried first: one statement, which SQLite commits by itself, so it costs half where nobody else is waiting. It answers
   * undefined where that was not possible, and has then written nothing.
   */
  add<T>(run: (sql: Sql) => T, alone?: (sql: Sql) => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, alone, resolve, reject });
      this.#flushing ??= this.#flushAll();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#flushing;
  }

  async #flushAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#options.gather();
      const jobs = this.#waiting;
      this.#waiting = [];
      await this.#flush(jobs);
    }
    this.#flushing = undefined;
  }

  async #flush(jobs: readonly Job[]): Promise<void> {
    try {
      const results = await this.#options.patiently(() => this.#commit(jobs));
      for (const [index, { resolve, reject }] of jobs.entries()) {
        const result = results[index] as Result;
        if ("refusal" in result) reject(result.refusal);
        else resolve(result.value as never);
      }
    } catch (error) {
      if (jobs.length === 1) return jobs[0]?.reject(this.#options.failure(error));
      // One write that the database cannot take must not fail its neighbours: nothing was kept, so each goes alone.
      for (const job of jobs) await this.#flush([job]);
    }
  }

  #commit(jobs: readonly Job[]): readonly Result[] {
    const isOne = jobs.length === 1;
    const value = isOne ? jobs[0]?.alone?.(this.#sql) : undefined;
    if (value !== undefined) return [{ value }];
    return inTransaction(this.#sql, () =>
      jobs.map(({ run, alone }): Result => {
        try {
          return { value: (isOne ? undefined : alone?.(this.#sql)) ?? run(this.#sql) };
        } catch (error) {
          if (!this.#options.isRefusal(error)) throw error;
          return { refusal: error };
        }
      }),
    );
  }
}

/** `BEGIN IMMEDIATE`, because a transaction that reads first and writes later fails at once when another wrote in between. */
export function inTransaction<T>(sql: Sql, run: () => T, begin: "BEGIN" | "BEGIN IMMEDIATE" = "BEGIN IMMEDIATE"): T {
  sql.run(begin);
  try {
    const value = run();
    sql.run("COMMIT");
    return value;
  } catch (error) {
    sql.rollbackCount++;
    try {
      sql.run("ROLLBACK");
    } catch {
      // SQLite had already rolled back, as it does when the disk is full.
    }
    throw error;
  }
}
