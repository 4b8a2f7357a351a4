import { indexText } from "@colloquy/core";
import type { Sql } from "../sql.js";
import { contentOf, messageFrom, type StoredMessage } from "./message-row.js";
import { conversationOf, keyOf, seqOf } from "./places.js";
import { insertWords, ownerWord } from "./word-index.js";

/** Some 15 milliseconds of work, after which others get their turn. */
const batchCount = 1_024;

// SQLite alone gives the index what needs no more: text of ASCII, in which no character is written as an escape.
const isPlain = "octet_length(m.body) = length(m.body) AND instr(m.body, '\\u') = 0";
const waiting = "json_each(?) r CROSS JOIN messages m ON m.key > r.value ->> 0 AND m.key <= r.value ->> 1";
const isWanted = "json_valid(m.body) AND m.body ->> '$.status' IS NOT 'streaming'";

export function isIndexBehind(sql: Sql): boolean {
  return sql.get("SELECT 1 FROM conversations INDEXED BY conversations_behind WHERE behind = 1 LIMIT 1") !== undefined;
}

/**
 * Takes the messages that wait into the index of words, some at a time: together they cost a sixth of what each alone does.
 * Another process may do the same: each takes what is left in its own transaction. Answers whether there is more.
 */
export function indexBatch(sql: Sql): boolean {
  const ranges: [after: number, through: number, owner: string][] = [];
  let count = 0;
  for (const row of sql.all(
    "SELECT number, owner_id, indexed_seq, last_seq FROM conversations INDEXED BY conversations_behind WHERE behind = 1 ORDER BY number LIMIT ?",
    batchCount,
  )) {
    const [number, after] = [row["number"] as number, row["indexed_seq"] as number];
    const through = Math.min(row["last_seq"] as number, after + batchCount - count);
    ranges.push([keyOf(number, after), keyOf(number, through), ownerWord((row["owner_id"] ?? undefined) as string)]);
    count += through - after;
    if (count >= batchCount) break;
  }
  if (ranges.length === 0) return false;
  const given = JSON.stringify(ranges);
  // In the order of keys, in which the index makes one run of them.
  const plainCount = sql.run(
    `INSERT INTO transcript_words (rowid, owner, title, content) SELECT m.key, r.value ->> 2, '', ${contentOf} FROM ${waiting} WHERE ${isPlain} AND ${isWanted}`,
    given,
  );
  if (plainCount < count) indexOthers(sql, given);
  // All but the last were taken in whole.
  const [, through = 0] = ranges.at(-1) ?? [];
  sql.run(
    "UPDATE conversations INDEXED BY conversations_behind SET indexed_seq = last_seq, behind = 0 WHERE behind = 1 AND number < ?",
    conversationOf(through),
  );
  sql.run(
    "UPDATE conversations SET indexed_seq = ?, behind = last_seq > ? WHERE number = ?",
    seqOf(through),
    seqOf(through),
    conversationOf(through),
  );
  return isIndexBehind(sql);
}

function indexOthers(sql: Sql, given: string): void {
  const others = sql.all(
    `SELECT m.key, r.value ->> 2 AS owner, m.body FROM ${waiting} WHERE NOT (${isPlain}) AND ${isWanted}`,
    given,
  );
  for (const { key, owner, body } of others) {
    const { content } = messageFrom(JSON.parse(body as string) as StoredMessage, "", 0);
    sql.run(insertWords, key as number, owner as string, "", indexText(content));
  }
}
