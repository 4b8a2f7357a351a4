import { conversationNotFound, type TranscriptMessage } from "@colloquy/core";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import type { Shelf } from "./conversation-row.js";
import type { End } from "./ends.js";
import { findMessage, nameMessages } from "./message-ids.js";
import { closeMessage, type OwnMessage, openMessage } from "./message-row.js";
import { checkRoom, hasRoom, keyOf } from "./places.js";
import { touch, touchEnd } from "./touch.js";

/** A copy of what was given, to be given back with its number, and what is written of it. */
export interface Row {
  readonly message: OwnMessage;
  readonly text: string;
}

export interface Appended {
  readonly number: number;
  /** What the conversation has of the rows, new or not. */
  readonly stored: readonly TranscriptMessage[];
}

const insert = "INSERT INTO messages (key, id, body) VALUES (?, ?, ?)";
const insertAtEnd = `${insert} ON CONFLICT DO NOTHING`;
const insertUnlessNamed =
  "INSERT INTO messages (key, id, body) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM message_ids WHERE conversation = ? AND id = ?) ON CONFLICT DO NOTHING";

/**
 * Nearly always this is all: one message more in a conversation that this process knows the end of. Undefined where it is not
 * so, with nothing written.
 */
export function appendOne(
  sql: Sql,
  { ends, index }: Shelf,
  id: string,
  [row, ...others]: readonly Row[],
  atMs: number,
): Appended | undefined {
  const end = ends.find(sql, id);
  if (!end || !row || others.length > 0 || end.unnamed.has(row.message.id) || !hasRoom(end.lastSeq + 1))
    return undefined;
  const { message, text } = row;
  const key = keyOf(end.number, end.lastSeq + 1);
  const isAdded =
    end.namedSeq === 0
      ? sql.run(insertAtEnd, key, message.id, text) > 0
      : sql.run(insertUnlessNamed, key, message.id, text, end.number, message.id) > 0;
  if (!isAdded) return undefined;
  if (!touchEnd(sql, end, atMs, index.roundCount)) {
    // Another process has written there, or the conversation is another one: the place was not ours.
    sql.run("DELETE FROM messages WHERE key = ?", key);
    return undefined;
  }
  message.seq = end.lastSeq + 1;
  advance(sql, end, [message.id]);
  return { number: end.number, stored: [message] };
}

const locate = `
  SELECT number, birth, last_seq, named_seq, key_id, key_salt, (
    SELECT json_group_array(m.id) FROM messages m
    WHERE m.key > (c.number << 24) + c.named_seq AND m.key <= (c.number << 24) + c.last_seq
  ) AS unnamed
  FROM conversations c WHERE c.id = ?`;

export function appendAny(sql: Sql, shelf: Shelf, id: string, rows: readonly Row[], atMs: number): Appended {
  const found = sql.get(locate, id);
  if (!found) throw conversationNotFound(id);
  const seal = shelf.vault.sealOf(id, found);
  const end = endOf(found, shelf.index.roundCount);
  checkRoom(id, end.lastSeq + rows.length);
  // Read before anything is written, because what cannot be read is refused.
  const known = knownAmong(sql, end, rows);
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
  advance(sql, end, added);
  if (!seal) shelf.ends.keep(id, end);
  // A message that is given twice is given back twice, each a copy of its own.
  const given = new Set<string>();
  return {
    number: end.number,
    stored: rows.map(({ message: { id: messageId } }) => {
      const message = stored.get(messageId) as TranscriptMessage;
      if (!given.has(messageId)) return given.add(messageId) && message;
      return structuredClone(message);
    }),
  };
}

function endOf(row: SqlRow, markedRound: number): End {
  return {
    number: row["number"] as number,
    birth: row["birth"] as number,
    lastSeq: row["last_seq"] as number,
    namedSeq: row["named_seq"] as number,
    unnamed: new Set(JSON.parse(row["unnamed"] as string) as readonly string[]),
    markedRound,
  };
}

/** Those of the ids that the conversation has. */
function knownAmong(sql: Sql, end: End, rows: readonly Row[]): ReadonlySet<string> {
  const ids = rows.map(({ message }) => message.id);
  const known = new Set(ids.filter((id) => end.unnamed.has(id)));
  if (end.namedSeq > 0 && ids.length > 0)
    for (const { id } of sql.all(
      "SELECT i.id FROM json_each(?) g CROSS JOIN message_ids i ON i.conversation = ? AND i.id = g.value",
      JSON.stringify(ids),
      end.number,
    ))
      known.add(id as string);
  return known;
}

function advance(sql: Sql, end: End, ids: readonly string[]): void {
  end.lastSeq += ids.length;
  for (const id of ids) end.unnamed.add(id);
  const namedSeq = nameMessages(sql, end.number, end.namedSeq, end.lastSeq);
  if (namedSeq === end.namedSeq) return;
  end.namedSeq = namedSeq;
  end.unnamed.clear();
}
