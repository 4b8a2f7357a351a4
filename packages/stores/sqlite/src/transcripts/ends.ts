import type { Sql } from "../sql.js";

/** Where a conversation ended when this process last looked, and those of its ids that `message_ids` may not have. */
export interface End {
  readonly number: number;
  readonly birth: number;
  lastSeq: number;
  readonly unnamed: Set<string>;
  /** Others have written beyond it. */
  isShared: boolean;
}

const mostKnown = 4_000;

/**
 * The ends of the conversations written to last, so that an append need not read before it writes. They are guesses: the
 * statement that writes checks each. What was rolled back was never so, and is forgotten.
 */
export class Ends {
  readonly #known = new Map<string, End>();
  #sql: Sql | undefined;
  #rollbackCount = 0;

  find(sql: Sql, id: string): End | undefined {
    return this.#of(sql).get(id);
  }

  keep(sql: Sql, id: string, end: End): void {
    const known = this.#of(sql);
    if (known.size >= mostKnown && !known.has(id))
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    known.set(id, end);
  }

  forget(sql: Sql, id: string): void {
    this.#of(sql).delete(id);
  }

  #of(sql: Sql): Map<string, End> {
    if (sql !== this.#sql || sql.rollbackCount !== this.#rollbackCount) {
      this.#known.clear();
      this.#sql = sql;
      this.#rollbackCount = sql.rollbackCount;
    }
    return this.#known;
  }
}
