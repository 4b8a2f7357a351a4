import type { Sql } from "../sql.js";

/** Where a conversation ended when this process last wrote to it, and the ids that `message_ids` does not have. */
export interface End {
  readonly number: number;
  readonly birth: number;
  lastSeq: number;
  namedSeq: number;
  readonly unnamed: Set<string>;
  /** The round of the index in which the row was marked as moved and behind. */
  markedRound: number;
}

const mostKnown = 4_000;

/**
 * The ends of the conversations written to last, so that an append need not read before it writes. They are guesses: a statement
 * checks each in the transaction. What was rolled back was never so, and is forgotten.
 */
export class Ends {
  readonly #known = new Map<string, End>();
  #sql: Sql | undefined;
  #rollbackCount = 0;

  find(sql: Sql, id: string): End | undefined {
    if (sql !== this.#sql || sql.rollbackCount !== this.#rollbackCount) {
      this.#known.clear();
      this.#sql = sql;
      this.#rollbackCount = sql.rollbackCount;
    }
    return this.#known.get(id);
  }

  keep(id: string, end: End): void {
    if (this.#known.size >= mostKnown && !this.#known.has(id))
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    this.#known.set(id, end);
  }
}
