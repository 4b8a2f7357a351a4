import { createHash } from "node:crypto";
import { type Conversation, indexText, type TranscriptMessage } from "@colloquy/core";
import type { Sql } from "../sql.js";
import { keyOf } from "./places.js";

/** See the column `words` of `messages`. */
export type WordState = 0 | 1 | 2 | null;

const insert = "INSERT INTO transcript_words (rowid, owner, title, content) VALUES (?, ?, ?, ?)";

/** Keeps the full-text index. Nothing of an encrypted conversation ever comes here. */
export class WordIndex {
  readonly #isAtOnce: boolean;

  constructor(isAtOnce: boolean) {
    this.#isAtOnce = isAtOnce;
  }

  /** Indexes a message that is not in the index, or leaves it for the next search. A growing one has no words yet. */
  add(sql: Sql, key: number, ownerId: string | undefined, message: TranscriptMessage): WordState {
    if (message.status === "streaming") return null;
    return this.#isAtOnce ? this.addNow(sql, key, ownerId, message.content) : 0;
  }

  /** How the column will read after `add`. */
  stateOf({ status, content }: Pick<TranscriptMessage, "status" | "content">): WordState {
    if (status === "streaming") return null;
    return this.#isAtOnce ? (indexText(content) === content ? 1 : 2) : 0;
  }

  addNow(sql: Sql, key: number, ownerId: string | undefined, content: string): WordState {
    const text = indexText(content);
    sql.run(insert, key, ownerWord(ownerId), "", text);
    return text === content ? 1 : 2;
  }

  remove(sql: Sql, key: number): void {
    sql.run("DELETE FROM transcript_words WHERE rowid = ?", key);
  }

  setTitle(sql: Sql, number: number, { title, ownerId }: Conversation, before: string): void {
    if (title === before) return;
    const key = keyOf(number, 0);
    if (before !== "") this.remove(sql, key);
    if (title !== "") sql.run(insert, key, ownerWord(ownerId), indexText(title), "");
  }
}

let known: readonly [ownerId: string, word: string] | undefined;

/** One word for an owner, whatever characters the id is made of. */
export function ownerWord(ownerId: string | undefined): string {
  if (ownerId === undefined) return "";
  if (known?.[0] !== ownerId) known = [ownerId, `o${createHash("sha256").update(ownerId).digest("hex").slice(0, 24)}`];
  return known[1];
}

/** As titles are compared. A column holds neither a NUL nor half a character. */
export function foldedTitle(title: string): string {
  return title.toLowerCase().replaceAll(/[\0\p{Surrogate}]/gu, "\ufffd");
}
