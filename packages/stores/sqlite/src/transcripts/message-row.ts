import type { TranscriptMessage } from "@colloquy/core";
import type { SqlRow, SqlValue } from "../driver/driver.js";
import { readRow } from "../row-text.js";
import { seqOf } from "./places.js";
import type { Seal } from "./vault.js";

/** The text of a message. What its key says is written over when it is read, so it need not be taken out. */
export function messageText(message: Omit<TranscriptMessage, "conversationId" | "seq">): string {
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
  const message = readRow<{ -readonly [Field in keyof TranscriptMessage]: TranscriptMessage[Field] }>(path, text);
  // Not by spreading: that costs more than all the rest of reading ten thousand messages.
  message.conversationId = conversationId;
  message.seq = seq;
  return message;
}
