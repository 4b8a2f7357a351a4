import type { SqlRow, SqlValue } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { keyOf, seqOf } from "./places.js";

/** So many of the newest messages of a conversation are found by looking through them. */
const mostUnnamed = 32;

const newest =
  "SELECT m.key, m.body FROM conversations c CROSS JOIN messages m ON m.key > (c.number << 24) + c.named_seq AND m.key <= (c.number << 24) + c.last_seq WHERE c.number = ? AND m.id = ?";
const named =
  "SELECT m.key, m.body FROM message_ids i CROSS JOIN messages m ON m.key = (i.conversation << 24) + i.seq WHERE i.conversation = ? AND i.id = ?";

/** The row of a message that is in its place, with `key` and `body`. */
export function findMessage(sql: Sql, number: number, id: SqlValue): SqlRow | undefined {
  return sql.get(newest, number, id) ?? sql.get(named, number, id);
}

/** Brings the ids of a conversation's messages into their table, as soon as they are more than should be looked through. */
export function nameMessages(sql: Sql, number: number, namedSeq: number, lastSeq: number): number {
  if (lastSeq - namedSeq <= mostUnnamed) return namedSeq;
  sql.run(
    "INSERT INTO message_ids (conversation, id, seq) SELECT ?, id, key & 16777215 FROM messages WHERE key > ? AND key <= ? ORDER BY id",
    number,
    keyOf(number, namedSeq),
    keyOf(number, lastSeq),
  );
  sql.run("UPDATE conversations SET named_seq = ? WHERE number = ?", lastSeq, number);
  return lastSeq;
}

export function removeMessage(sql: Sql, number: number, key: number, id: string): void {
  sql.run("DELETE FROM messages WHERE key = ?", key);
  sql.run("DELETE FROM message_ids WHERE conversation = ? AND id = ? AND seq = ?", number, id, seqOf(key));
}
