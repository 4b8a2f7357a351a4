import {
  limitOf,
  type SearchHit,
  type SearchTerm,
  scoreOf,
  searchTerms,
  snippetOf,
  type TranscriptMessage,
  type TranscriptSearch,
} from "@colloquy/core";
import type { Database } from "../database.js";
import type { Sql } from "../sql.js";
import { conversationColumns, openConversation, type Shelf } from "./conversation-row.js";
import { messageOf, openMessage } from "./message-row.js";
import { conversationOf, keyOf, seqOf } from "./places.js";
import { ownerWord } from "./word-index.js";

// Each costs some microseconds; all places of a word that is everywhere would cost a tenth of a second.
const usuallyRanked = 200;
const batchCount = 500;

export async function searchTranscripts(
  database: Database,
  shelf: Shelf,
  query: TranscriptSearch,
): Promise<readonly SearchHit[]> {
  const terms = searchTerms(query.text);
  const limit = limitOf(query.limit, 20, 1_000);
  while (await database.read(isBehind)) await database.write((sql) => indexBatch(sql, shelf));
  return database.read((sql) => {
    const range = rangeOf(sql, query.conversationId);
    if (!range) return [];
    const places = sql.all(
      "SELECT rowid AS place FROM transcript_words WHERE transcript_words MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?",
      expressionOf(terms, query),
      ...range,
      Math.max(limit, usuallyRanked),
    );
    const ranked = places
      .map(({ place }) => candidateOf(sql, shelf, terms, place as number))
      .filter((candidate) => candidate !== undefined)
      .toSorted((one, other) => other.score - one.score);
    const hits: SearchHit[] = [];
    for (const candidate of ranked) {
      if (hits.length >= limit) break;
      const hit = hitOf(sql, shelf, terms, candidate, query.aliveAtMs);
      if (hit) hits.push(hit);
    }
    return hits;
  });
}

interface Candidate {
  readonly key: number;
  readonly score: number;
  /** Absent for a title. */
  readonly message?: TranscriptMessage;
}

/** Scored by its own text: the index knows only where words are. */
function candidateOf(sql: Sql, { path }: Shelf, terms: readonly SearchTerm[], key: number): Candidate | undefined {
  if (seqOf(key) === 0) {
    const title = sql.get("SELECT title FROM conversation_records WHERE number = ?", conversationOf(key))?.["title"];
    return { key, score: scoreOf((title as string | null | undefined) ?? "", terms) ?? 0 };
  }
  const body = sql.get("SELECT body FROM messages WHERE key = ?", key)?.["body"];
  if (body === undefined) return undefined;
  const message = messageOf(path, "", seqOf(key), body);
  return { key, score: scoreOf(message.content, terms) ?? 0, message };
}

function rangeOf(sql: Sql, conversationId: string | undefined): readonly [from: number, to: number] | undefined {
  if (conversationId === undefined) return [0, Number.MAX_SAFE_INTEGER];
  const number = sql.get("SELECT number FROM conversations WHERE id = ?", conversationId)?.["number"] as
    | number
    | undefined;
  return number === undefined ? undefined : [keyOf(number, 0), keyOf(number, Number.POSITIVE_INFINITY)];
}

function expressionOf(terms: readonly SearchTerm[], { scope, ownerId }: TranscriptSearch): string {
  const words = terms.map((term) => `"${term.words.join(" ")}"${term.isPrefix ? " *" : ""}`).join(" AND ");
  const columns = { titles: "title", messages: "content", both: "{title content}" }[scope ?? "both"];
  const owner = ownerId === undefined ? "" : `owner : "${ownerWord(ownerId)}" AND `;
  return `${owner}${columns} : (${words})`;
}

function hitOf(
  sql: Sql,
  shelf: Shelf,
  terms: readonly SearchTerm[],
  { key, score, message }: Candidate,
  aliveAtMs: number | undefined,
): SearchHit | undefined {
  const row = sql.get(
    `SELECT ${conversationColumns} FROM conversations c JOIN conversation_records r ON r.number = c.number WHERE c.number = ?`,
    conversationOf(key),
  );
  if (!row) return undefined;
  const { conversation } = openConversation(shelf, row);
  if (aliveAtMs !== undefined && (conversation.expiresAtMs ?? Number.POSITIVE_INFINITY) <= aliveAtMs) return undefined;
  if (!message) return { conversation, score, ...snippetOf(conversation.title, terms) };
  const found = { ...message, conversationId: conversation.id };
  return { conversation, message: found, score, ...snippetOf(message.content, terms) };
}

function isBehind(sql: Sql): boolean {
  return sql.get("SELECT 1 FROM messages WHERE words = 0 LIMIT 1") !== undefined;
}

/** Another process may do the same: each takes what is left in its own transaction. */
function indexBatch(sql: Sql, { path, words }: Shelf): void {
  const rows = sql.all(
    "SELECT m.key, m.body, c.owner_id FROM messages m JOIN conversations c ON c.number = m.conversation WHERE m.words = 0 ORDER BY m.key LIMIT ?",
    batchCount,
  );
  for (const row of rows) {
    const key = row["key"] as number;
    const { content } = openMessage(path, "", undefined, row);
    const state = words.addNow(sql, key, (row["owner_id"] as string | null) ?? undefined, content);
    sql.run("UPDATE messages SET words = ? WHERE key = ?", state, key);
  }
}
