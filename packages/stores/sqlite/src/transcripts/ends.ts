import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { conversationOf, keyOf, seqOf } from "./places.js";

/** Where a conversation ended when this process last looked, and the ids of what has arrived for it in this round. */
export interface End {
  readonly number: number;
  readonly birth: number;
  lastSeq: number;
  readonly arrivedIds: Set<string>;
}

const mostKnown = 4_000;

// As one value: the drivers take longer to give a row than SQLite to find it.
const whatIsNew = `
  SELECT r.number, (
    SELECT json_group_array(json_array(key, id))
    FROM (SELECT key, id FROM arrivals WHERE position > CASE WHEN r.number = ? THEN ? ELSE 0 END ORDER BY position)
  ) AS arrived FROM arrival_round r`;

/**
 * The ends of the conversations written to last, as of one position of the arrivals, so that an append need not read before it
 * writes. They are guesses: the statement that writes checks each. What was rolled back was never so, and is forgotten.
 */
export class Ends {
  readonly #known = new Map<string, End>();
  readonly #ids = new Map<number, string>();
  #round = 0;
  #position = 0;
  #sql: Sql | undefined;
  #rollbackCount = 0;

  /** Of the arrivals, up to which it is known: the number of the round, and the position in it. */
  get round(): number {
    return this.#round;
  }

  get position(): number {
    return this.#position;
  }

  find(sql: Sql, id: string): End | undefined {
    this.#check(sql);
    return this.#known.get(id);
  }

  /** To be called in the transaction in which it was looked up or made. */
  keep(sql: Sql, id: string, end: End): void {
    this.#check(sql);
    // It may have been made anew, under another number.
    this.forget(id);
    if (this.#known.size >= mostKnown)
      for (const oldest of this.#known.keys()) {
        this.forget(oldest);
        break;
      }
    this.#known.set(id, end);
    this.#ids.set(end.number, id);
  }

  /**
   * Looks up an end that is not known, if the conversation takes arrivals: an encrypted one does not. To be called in a
   * writing transaction, so that nothing is written in between.
   */
  learn(sql: Sql, id: string): void {
    if (this.find(sql, id)) return;
    const row = sql.get("SELECT number, birth, last_seq FROM conversations WHERE id = ? AND key_id IS NULL", id);
    if (!row) return;
    this.catchUp(sql);
    const number = row["number"] as number;
    const waiting = sql.all(
      "SELECT key, id FROM arrivals WHERE key > ? AND key <= ? ORDER BY position",
      keyOf(number, 0),
      keyOf(number, Number.POSITIVE_INFINITY),
    );
    this.keep(sql, id, {
      number,
      birth: row["birth"] as number,
      lastSeq: waiting.length > 0 ? seqOf(waiting.at(-1)?.["key"] as number) : (row["last_seq"] as number),
      arrivedIds: new Set(waiting.map((one) => one["id"] as string)),
    });
  }

  forget(id: string): void {
    const end = this.#known.get(id);
    if (!end) return;
    this.#known.delete(id);
    if (this.#ids.get(end.number) === id) this.#ids.delete(end.number);
  }

  /** This process has written one message more at the end, at the next position. */
  arrived(end: End, messageId: string): void {
    end.lastSeq++;
    end.arrivedIds.add(messageId);
    this.#position++;
  }

  /** Learns what other processes have written since. Answers whether there was anything. */
  catchUp(sql: Sql): boolean {
    this.#check(sql);
    const before = this.#round;
    const found = sql.get(whatIsNew, before, this.#position) as SqlRow;
    const round = found["number"] as number;
    if (round !== before) {
      // All of the round before is in its place now, and where others have written in it `last_seq` tells.
      this.#round = round;
      this.#position = 0;
      for (const { arrivedIds } of this.#known.values()) arrivedIds.clear();
    }
    const arrived = JSON.parse(found["arrived"] as string) as readonly (readonly [key: number, messageId: string])[];
    this.#position += arrived.length;
    for (const [key, messageId] of arrived) {
      const id = this.#ids.get(conversationOf(key));
      const end = id === undefined ? undefined : this.#known.get(id);
      if (id === undefined || !end) continue;
      if (seqOf(key) === end.lastSeq + 1) {
        end.lastSeq++;
        end.arrivedIds.add(messageId);
      } else this.forget(id);
    }
    return round !== before || arrived.length > 0;
  }

  #check(sql: Sql): void {
    if (sql === this.#sql && sql.rollbackCount === this.#rollbackCount) return;
    this.#known.clear();
    this.#ids.clear();
    this.#round = 0;
    this.#position = 0;
    this.#sql = sql;
    this.#rollbackCount = sql.rollbackCount;
  }
}
