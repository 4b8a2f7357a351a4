import type { SqlRow, SqlValue } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { keyOf, seqOf } from "./places.js";

const byId =
  "SELECT m.key, m.body FROM message_ids i CROSS JOIN messages m ON m.key = (i.conversation << 24) + i.seq WHERE i.conversation = ? AND i.id = ?";

/** The row of a message that is in its place, with `key` and `body`. */
export function findMessage(sql: Sql, number: number, id: SqlValue): SqlRow | undefined {
  return sql.get(byId, number, id);
}

/** Brings the ids of messages that were just put in their place into their table: together, sorted. */
export function nameMessages(sql: Sql, number: number, afterSeq: number): void {
  sql.run(
    "INSERT INTO message_ids (conversation, id, seq) SELECT ?, id, key & 16777215 FROM messages WHERE key > ? AND key <= ? ORDER BY id",
    number,
    keyOf(number, afterSeq),
    keyOf(number, Number.POSITIVE_INFINITY),
  );
}

export function removeMessage(sql: Sql, number: number, key: number, id: string): void {
  sql.run("DELETE FROM messages WHERE key = ?", key);
  sql.run("DELETE FROM message_ids WHERE conversation = ? AND id = ? AND seq = ?", number, id, seqOf(key));
}
