import { createHash } from "node:crypto";
import { type Conversation, indexText, type TranscriptMessage } from "@colloquy/core";
import type { Sql } from "../sql.js";
import { keyOf, seqOf } from "./places.js";

export const insertWords = "INSERT INTO transcript_words (rowid, owner, title, content) VALUES (?, ?, ?, ?)";

type Text = Pick<TranscriptMessage, "status" | "content">;

/** What decides whether the words of a message are in the index already. */
export interface IndexedConversation {
  readonly ownerId: string | undefined;
  readonly indexedSeq: number;
}

/** A growing message has no words yet. */
const hasWords = ({ status }: Text): boolean => status !== "streaming";

/** What of a message is in the index follows it. What is not in it yet comes into it as it is then. */
export function changeWords(
  sql: Sql,
  key: number,
  { ownerId, indexedSeq }: IndexedConversation,
  before: Text,
  after: Text | undefined,
): void {
  if (seqOf(key) > indexedSeq) return;
  const isSame = after !== undefined && hasWords(before) === hasWords(after) && before.content === after.content;
  if (isSame) return;
  if (hasWords(before)) removeWords(sql, key);
  if (after && hasWords(after)) sql.run(insertWords, key, ownerWord(ownerId), "", indexText(after.content));
}

export function setTitleWords(sql: Sql, number: number, { title, ownerId }: Conversation, before: string): void {
  if (title === before) return;
  const key = keyOf(number, 0);
  if (before !== "") removeWords(sql, key);
  if (title !== "") sql.run(insertWords, key, ownerWord(ownerId), indexText(title), "");
}

function removeWords(sql: Sql, key: number): void {
  sql.run("DELETE FROM transcript_words WHERE rowid = ?", key);
}

let known: readonly [ownerId: string, word: string] | undefined;

/** One word for an owner, whatever characters the id is made of. */
export function ownerWord(ownerId: string | undefined): string {
  if (ownerId === undefined) return "";
  if (known?.[0] !== ownerId) known = [ownerId, `o${createHash("sha256").update(ownerId).digest("hex").slice(0, 24)}`];
  return known[1];
}

/** Whether SQLite might find one, or the beginning of one, in it. What is not plain it may split where others do not. */
export function isLikeOwnerWord(word: string): boolean {
  return !/^[a-np-z0-9][a-z0-9]*$/.test(word);
}

/** As titles are compared. A column holds neither a NUL nor half a character. */
export function foldedTitle(title: string): string {
  return title.toLowerCase().replaceAll(/[\0\p{Surrogate}]/gu, "\ufffd");
}
