import type { TranscriptMessage } from "@colloquy/core";
import type { SqlRow, SqlValue } from "../driver/driver.js";
import { readRow } from "../row-text.js";
import { seqOf } from "./places.js";
import type { Seal } from "./vault.js";

export type OwnMessage = { -readonly [Field in keyof TranscriptMessage]: TranscriptMessage[Field] };

/** What nearly every message is stored as: a third shorter than with the names of its fields, and read in three quarters of the time. */
type ShortForm = readonly [role: OwnMessage["role"], content: string, atMs: number, id: string];

export type StoredMessage = OwnMessage | ShortForm;

const shortFields = 8;

/**
 * The text of a message: short where it is complete, unchanged, and has no other field. What its key says is written over when it
 * is read; the long form has it all the same, because setting a field that an object has costs a fifth of adding one.
 */
export function messageText(message: TranscriptMessage): string {
  const { role, content, atMs, id, status, revision } = message;
  const isShort = status === "complete" && revision === 1 && Object.keys(message).length === shortFields;
  return JSON.stringify(isShort ? ([role, content, atMs, id] satisfies ShortForm) : message);
}

/** What is given is parsed and belongs to the message. */
export function messageFrom(row: StoredMessage, conversationId: string, seq: number): OwnMessage {
  if (isShortForm(row))
    return {
      conversationId,
      seq,
      id: row[3],
      role: row[0],
      content: row[1],
      status: "complete",
      atMs: row[2],
      revision: 1,
    };
  // Not by spreading: that costs more than all the rest of reading ten thousand messages.
  row.conversationId = conversationId;
  row.seq = seq;
  return row;
}

function isShortForm(row: StoredMessage): row is ShortForm {
  return Array.isArray(row);
}

/** In SQL, of the row `m`. */
export const contentOf = "coalesce(m.body ->> '$.content', m.body ->> '$[1]')";

export function closeMessage(seal: Seal | undefined, seq: number, text: string): SqlValue {
  return seal ? seal.close(`message ${seq}`, text) : text;
}

/** Of a row with `key` and `body`. */
export function openMessage(path: string, id: string, seal: Seal | undefined, row: SqlRow): TranscriptMessage {
  const seq = seqOf(row["key"] as number);
  const body = row["body"] as SqlValue;
  return messageOf(path, id, seq, seal ? seal.open(`message ${seq}`, body) : body);
}

export function messageOf(path: string, conversationId: string, seq: number, text: SqlValue): TranscriptMessage {
  return messageFrom(readRow<StoredMessage>(path, text), conversationId, seq);
}
