import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { keyOf } from "./places.js";

/** Of the row `c`, whose arrivals are `a`. */
const ofConversation = "FROM arrivals a WHERE a.key > c.number << 24 AND a.key < (c.number + 1) << 24";

/** What a conversation `c` is together with what has arrived for it. */
export const withArrivals: Readonly<Record<"updatedAt" | "messageCount" | "lastSeq" | "hasAny", string>> = {
  updatedAt: `max(c.updated_at, coalesce((SELECT max(a.at) ${ofConversation}), c.updated_at))`,
  messageCount: `c.message_count + (SELECT count(*) ${ofConversation})`,
  lastSeq: `max(c.last_seq, coalesce((SELECT max(a.key) & 16777215 ${ofConversation}), 0))`,
  hasAny: `EXISTS (SELECT 1 ${ofConversation})`,
};

/** The conversations that something has arrived for, by `number`. */
export const arrivedFor = "(SELECT DISTINCT key >> 24 AS number FROM arrivals)";

export function haveArrivals(sql: Sql, atLeast = 1): boolean {
  return sql.get("SELECT 1 FROM arrivals LIMIT 1 OFFSET ?", atLeast - 1) !== undefined;
}

/** Takes what has arrived to its place: of one conversation, or of all. To be called in a writing transaction. */
export function placeArrivals(sql: Sql, number?: number): void {
  const range =
    number === undefined
      ? ([0, Number.MAX_SAFE_INTEGER] as const)
      : ([keyOf(number, 0), keyOf(number, Number.POSITIVE_INFINITY)] as const);
  if (!sql.get("SELECT 1 FROM arrivals WHERE key > ? AND key <= ? LIMIT 1", ...range)) return;
  sql.run(
    "INSERT INTO messages (key, id, body) SELECT key, id, body FROM arrivals WHERE key > ? AND key <= ? ORDER BY key",
    ...range,
  );
  sql.run(
    `UPDATE conversations SET updated_at = max(updated_at, g.at), last_seq = g.last, message_count = message_count + g.count, behind = 1
    FROM (
      SELECT key >> 24 AS number, max(at) AS at, max(key) & 16777215 AS last, count(*) AS count
      FROM arrivals WHERE key > ? AND key <= ? GROUP BY key >> 24
    ) g
    WHERE conversations.number = g.number`,
    ...range,
  );
  // Without a condition SQLite lets go of the whole table at once.
  if (number === undefined) sql.run("DELETE FROM arrivals");
  else sql.run("DELETE FROM arrivals WHERE key > ? AND key <= ?", ...range);
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
