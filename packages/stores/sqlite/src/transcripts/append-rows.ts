import { conversationNotFound, type TranscriptMessage } from "@colloquy/core";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import type { Row } from "./append-one.js";
import { placeArrivals } from "./arrivals.js";
import type { Shelf } from "./conversation-row.js";
import { findMessage, nameMessages } from "./message-ids.js";
import { closeMessage, openMessage } from "./message-row.js";
import { checkRoom, keyOf } from "./places.js";
import { touch } from "./touch.js";

const insert = "INSERT INTO messages (key, id, body) VALUES (?, ?, ?)";
const locate = "SELECT birth, last_seq, key_id, key_salt FROM conversations WHERE number = ?";

/** Whatever is given, to its place. */
export function appendAny(
  sql: Sql,
  shelf: Shelf,
  id: string,
  rows: readonly Row[],
  atMs: number,
): readonly TranscriptMessage[] {
  const number = sql.get("SELECT number FROM conversations WHERE id = ?", id)?.["number"] as number | undefined;
  if (number === undefined) throw conversationNotFound(id);
  placeArrivals(sql, number);
  const found = sql.get(locate, number) as SqlRow;
  const seal = shelf.vault.sealOf(id, found);
  const before = found["last_seq"] as number;
  checkRoom(id, before + rows.length);
  // Read before anything is written, because what cannot be read is refused.
  const stored = new Map<string, TranscriptMessage>();
  for (const messageId of knownAmong(sql, number, rows))
    stored.set(messageId, openMessage(shelf.path, id, seal, findMessage(sql, number, messageId) as SqlRow));
  let lastSeq = before;
  for (const { message, text } of rows) {
    if (stored.has(message.id)) continue;
    message.seq = ++lastSeq;
    sql.run(insert, keyOf(number, lastSeq), message.id, closeMessage(seal, lastSeq, text));
    stored.set(message.id, message);
  }
  nameMessages(sql, number, before);
  touch(sql, number, { atMs, lastSeq, addedCount: lastSeq - before });
  if (!seal) shelf.ends.keep(sql, id, { number, birth: found["birth"] as number, lastSeq, arrivedIds: new Set() });
  // A message that is given twice is given back twice, each a copy of its own.
  const given = new Set<string>();
  return rows.map(({ message: { id: messageId } }) => {
    const message = stored.get(messageId) as TranscriptMessage;
    if (!given.has(messageId)) return given.add(messageId) && message;
    return structuredClone(message);
  });
}

/** Those of the ids that the conversation has. */
function knownAmong(sql: Sql, number: number, rows: readonly Row[]): readonly string[] {
  return sql
    .all(
      "SELECT i.id FROM json_each(?) g CROSS JOIN message_ids i ON i.conversation = ? AND i.id = g.value",
      JSON.stringify(rows.map(({ message }) => message.id)),
      number,
    )
    .map(({ id }) => id as string);
}
