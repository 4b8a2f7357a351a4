import type { TranscriptMessage } from "@colloquy/core";
import type { Sql } from "../sql.js";
import type { Shelf } from "./conversation-row.js";
import type { OwnMessage } from "./message-row.js";
import { hasRoom, keyOf } from "./places.js";

/** A copy of what was given, to be given back with its number, and what is written of it. */
export interface Row {
  readonly message: OwnMessage;
  readonly text: string;
}

// What is long is better written once, to its place.
const mostArrivingCharacters = 32_768;

// Refused where another process has written since: by `position` and the round what arrived, by `last_seq` what is in its place.
const insertAtEnd = `
  INSERT INTO arrivals (position, key, at, id, body)
  SELECT ?, ?, ?, ?, ? FROM conversations c
  WHERE c.number = ? AND c.birth = ? AND c.last_seq < ?
    AND NOT EXISTS (SELECT 1 FROM message_ids WHERE conversation = c.number AND id = ?)
    AND EXISTS (SELECT 1 FROM arrival_round WHERE number = ?)
  ON CONFLICT DO NOTHING`;

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
  if (text.length > mostArrivingCharacters) return undefined;
  // The second time knowing what others have written meanwhile.
  for (let isFirst = true; ; isFirst = false) {
    const end = ends.find(sql, id);
    if (!end) return undefined;
    const { number, birth, arrivedIds, lastSeq } = end;
    const seq = lastSeq + 1;
    if (arrivedIds.has(message.id) || !hasRoom(seq)) return undefined;
    const { round, position } = ends;
    const values = [position + 1, keyOf(number, seq), atMs, message.id, text, number, birth, seq, message.id, round];
    if (sql.run(insertAtEnd, ...values) > 0) {
      ends.arrived(end, message.id);
      message.seq = seq;
      return message;
    }
    const isBehind = ends.catchUp(sql);
    if (isFirst && isBehind) continue;
    if (!isBehind) ends.forget(id);
    return undefined;
  }
}
