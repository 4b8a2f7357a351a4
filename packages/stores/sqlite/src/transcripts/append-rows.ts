import { conversationNotFound, type TranscriptMessage } from "@colloquy/core";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import type { Row } from "./append-one.js";
import { placeArrivals } from "./arrivals.js";
import type { Shelf } from "./conversation-row.js";
import type { End } from "./ends.js";
import { findMessage, nameMessages } from "./message-ids.js";
import { closeMessage, openMessage } from "./message-row.js";
import { checkRoom, keyOf } from "./places.js";
import { touch } from "./touch.js";

const insert = "INSERT INTO messages (key, id, body) VALUES (?, ?, ?)";
const locate = `
  SELECT number, birth, last_seq, named_seq, key_id, key_salt, (
    SELECT json_group_array(m.id) FROM messages m
    WHERE m.key > (c.number << 24) + c.named_seq AND m.key <= (c.number << 24) + c.last_seq
  ) AS unnamed
  FROM conversations c WHERE c.number = ?`;

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
  const end = endOf(found);
  const namedSeq = found["named_seq"] as number;
  checkRoom(id, end.lastSeq + rows.length);
  // Read before anything is written, because what cannot be read is refused.
  const known = knownAmong(sql, end, namedSeq, rows);
  const stored = new Map<string, TranscriptMessage>();
  for (const { message } of rows)
    if (known.has(message.id))
      stored.set(message.id, openMessage(shelf.path, id, seal, findMessage(sql, end.number, message.id) as SqlRow));
  const added: string[] = [];
  for (const { message, text } of rows) {
    if (stored.has(message.id)) continue;
    message.seq = end.lastSeq + added.push(message.id);
    sql.run(insert, keyOf(end.number, message.seq), message.id, closeMessage(seal, message.seq, text));
    stored.set(message.id, message);
  }
  touch(sql, end.number, { atMs, lastSeq: end.lastSeq + added.length, addedCount: added.length });
  end.lastSeq += added.length;
  if (nameMessages(sql, number, namedSeq, end.lastSeq) === namedSeq) for (const one of added) end.unnamed.add(one);
  else end.unnamed.clear();
  if (!seal) shelf.ends.keep(sql, id, end);
  // A message that is given twice is given back twice, each a copy of its own.
  const given = new Set<string>();
  return rows.map(({ message: { id: messageId } }) => {
    const message = stored.get(messageId) as TranscriptMessage;
    if (!given.has(messageId)) return given.add(messageId) && message;
    return structuredClone(message);
  });
}

function endOf(row: SqlRow): End {
  return {
    number: row["number"] as number,
    birth: row["birth"] as number,
    lastSeq: row["last_seq"] as number,
    unnamed: new Set(JSON.parse(row["unnamed"] as string) as readonly string[]),
    isShared: false,
  };
}

/** Those of the ids that the conversation has. */
function knownAmong(sql: Sql, end: End, namedSeq: number, rows: readonly Row[]): ReadonlySet<string> {
  const ids = rows.map(({ message }) => message.id);
  const known = new Set(ids.filter((id) => end.unnamed.has(id)));
  if (namedSeq > 0 && ids.length > 0)
    for (const { id } of sql.all(
      "SELECT i.id FROM json_each(?) g CROSS JOIN message_ids i ON i.conversation = ? AND i.id = g.value",
      JSON.stringify(ids),
      end.number,
    ))
      known.add(id as string);
  return known;
}
