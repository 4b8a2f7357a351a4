import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { keyOf } from "./places.js";

/** What has arrived, by conversation. The table has no index and at most some thousand rows: reading it through is cheap. */
export function arrivedBy(condition: string): string {
  return `(
    SELECT key >> 24 AS number, max(at) AS at, count(*) AS count, max(key) & 16777215 AS last
    FROM arrivals WHERE ${condition} GROUP BY key >> 24
  )`;
}
export const arrived: string = arrivedBy("key > 0");

/** What a conversation `c` is together with `a`, what has arrived for it, if anything. */
export const withArrivals: Readonly<Record<"updatedAt" | "messageCount" | "lastSeq", string>> = {
  updatedAt: "max(c.updated_at, coalesce(a.at, c.updated_at))",
  messageCount: "c.message_count + coalesce(a.count, 0)",
  lastSeq: "coalesce(a.last, c.last_seq)",
};

export function haveArrivals(sql: Sql, atLeast = 1): boolean {
  return sql.get("SELECT 1 FROM arrivals WHERE key > 0 LIMIT 1 OFFSET ?", atLeast - 1) !== undefined;
}

/** Takes what has arrived to its place: of one conversation, or of all. To be called in a writing transaction. */
export function placeArrivals(sql: Sql, number?: number): void {
  if (number !== undefined) {
    const range = [keyOf(number, 0), keyOf(number, Number.POSITIVE_INFINITY)] as const;
    if (copyToPlaces(sql, ...range))
      sql.run("UPDATE arrivals SET key = 0, at = 0, id = '', body = '' WHERE key > ? AND key <= ?", ...range);
    return;
  }
  copyToPlaces(sql, 0, Number.MAX_SAFE_INTEGER);
  if (!sql.get("SELECT 1 FROM arrivals LIMIT 1")) return;
  // Without a condition SQLite lets go of the whole table at once.
  sql.run("DELETE FROM arrivals");
  sql.run("UPDATE arrival_round SET number = number + 1");
}

/** Answers whether there was anything. */
function copyToPlaces(sql: Sql, after: number, through: number): boolean {
  if (!sql.get("SELECT 1 FROM arrivals WHERE key > ? AND key <= ? LIMIT 1", after, through)) return false;
  sql.run(
    "INSERT INTO messages (key, id, body) SELECT key, id, body FROM arrivals WHERE key > ? AND key <= ? ORDER BY key",
    after,
    through,
  );
  sql.run(
    "INSERT INTO message_ids (conversation, id, seq) SELECT key >> 24, id, key & 16777215 FROM arrivals WHERE key > ? AND key <= ? ORDER BY key >> 24, id",
    after,
    through,
  );
  sql.run(
    `UPDATE conversations SET updated_at = max(updated_at, g.at), last_seq = g.last, message_count = message_count + g.count, behind = 1
    FROM ${arrivedBy("key > ? AND key <= ?")} g WHERE conversations.number = g.number`,
    after,
    through,
  );
  return true;
}

/** The row of a message that has arrived, with `key` and `body`. */
export function findArrival(sql: Sql, number: number, id: string): SqlRow | undefined {
  return sql.get(
    "SELECT key, body FROM arrivals WHERE key > ? AND key <= ? AND id = ?",
    keyOf(number, 0),
    keyOf(number, Number.POSITIVE_INFINITY),
    id,
  );
}
