import type { TranscriptMessage } from "@colloquy/core";
import type { SqlRow, SqlValue } from "../driver/driver.js";
import { readRow } from "../row-text.js";
import { seqOf } from "./places.js";
import type { Seal } from "./vault.js";

export type OwnMessage = { -readonly [Field in keyof TranscriptMessage]: TranscriptMessage[Field] };

/**
 * The text of a message. What its key says is written over when it is read; it stands in the text all the same, because setting
 * a field that an object has costs a fifth of adding one.
 */
export function messageText(message: TranscriptMessage): string {
  return JSON.stringify(message);
}

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
  const message = readRow<OwnMessage>(path, text);
  // Not by spreading: that costs more than all the rest of reading ten thousand messages.
  message.conversationId = conversationId;
  message.seq = seq;
  return message;
}
