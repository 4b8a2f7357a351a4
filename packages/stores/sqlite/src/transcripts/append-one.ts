import type { TranscriptMessage } from "@colloquy/core";
import type { Sql } from "../sql.js";
import type { Shelf } from "./conversation-row.js";
import type { OwnMessage } from "./message-row.js";
import { hasRoom, keyOf, seqOf } from "./places.js";

/** A copy of what was given, to be given back with its number, and what is written of it. */
export interface Row {
  readonly message: OwnMessage;
  readonly text: string;
}

// What is long is better written once, to its place.
const mostArrivingCharacters = 32_768;
// So many ids are looked through where they are not named yet.
const mostUnnamed = 64;

// Refused by the key where another process has written there and it has not gone to its place yet, by `last_seq` where it has.
const insertAtEnd = `
  INSERT INTO arrivals (key, at, id, body)
  SELECT ?, ?, ?, ? FROM conversations
  WHERE number = ? AND birth = ? AND last_seq < ?
    AND NOT EXISTS (SELECT 1 FROM message_ids WHERE conversation = ? AND id = ?)
  ON CONFLICT DO NOTHING`;

// Beyond what others have written since, unless that is in its place already, or has the id.
const insertBeyond = `
  INSERT INTO arrivals (key, at, id, body)
  SELECT coalesce((SELECT max(key) FROM arrivals WHERE key > g.last AND key < g.most), g.last) + 1, g.at, g.id, g.body
  FROM (SELECT ? AS last, ? AS most, ? AS at, ? AS id, ? AS body, ? AS birth) g
  CROSS JOIN conversations c ON c.number = g.last >> 24 AND c.birth = g.birth
  WHERE c.last_seq <= g.last & 16777215
    AND NOT EXISTS (SELECT 1 FROM arrivals WHERE key > g.last AND key <= g.most AND id = g.id)
    AND NOT EXISTS (SELECT 1 FROM message_ids WHERE conversation = c.number AND id = g.id)`;

/**
 * Nearly always this is all: one message more in a conversation whose end this process knows, by one statement, which needs no
 * transaction. Undefined where it is not so, with nothing written.
 */
export function appendOne(
  sql: Sql,
  { ends }: Shelf,
  id: string,
  { message, text }: Row,
  atMs: number,
): TranscriptMessage | undefined {
  const end = ends.find(sql, id);
  if (!end || end.unnamed.has(message.id) || end.unnamed.size >= mostUnnamed) return undefined;
  if (!hasRoom(end.lastSeq + mostUnnamed) || text.length > mostArrivingCharacters) return undefined;
  const { number, birth, lastSeq } = end;
  const next = keyOf(number, lastSeq + 1);
  end.isShared ||=
    sql.run(insertAtEnd, next, atMs, message.id, text, number, birth, lastSeq + 1, number, message.id) === 0;
  const key = end.isShared
    ? sql.insert(insertBeyond, next - 1, keyOf(number, Number.POSITIVE_INFINITY), atMs, message.id, text, birth)
    : next;
  if (key === undefined || seqOf(key) - lastSeq > mostUnnamed) ends.forget(sql, id);
  if (key === undefined) return undefined;
  message.seq = seqOf(key);
  // What others have written in between stays unknown here: the statement looks through it.
  end.isShared = key !== next;
  if (key === next) {
    end.lastSeq = message.seq;
    end.unnamed.add(message.id);
  }
  return message;
}
