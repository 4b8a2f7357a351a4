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
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { arrived, haveArrivals, placeArrivals } from "./arrivals.js";
import { conversationColumns, openConversation, type Shelf } from "./conversation-row.js";
import { indexBatch, isIndexBehind } from "./index-batch.js";
import { messageOf } from "./message-row.js";
import { conversationOf, keyOf, seqOf } from "./places.js";
import { isLikeOwnerWord, ownerWord } from "./word-index.js";

// Each costs some microseconds; all places of a word that is everywhere would cost a tenth of a second.
const usuallyRanked = 200;

const candidates = `
  SELECT w.place AS key, coalesce(m.body, r.title) AS text
  FROM (
    SELECT rowid AS place FROM transcript_words
    WHERE transcript_words MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?
  ) w
  LEFT JOIN messages m ON m.key = w.place
  LEFT JOIN conversation_records r ON w.place & 16777215 = 0 AND r.number = w.place >> 24
  ORDER BY w.place DESC`;

const conversationsOf = `
  SELECT ${conversationColumns} FROM json_each(?) g
  CROSS JOIN conversations c ON c.number = g.value
  CROSS JOIN conversation_records r ON r.number = c.number
  LEFT JOIN ${arrived} a ON a.number = c.number`;

export async function searchTranscripts(
  database: Database,
  shelf: Shelf,
  query: TranscriptSearch,
): Promise<readonly SearchHit[]> {
  const terms = searchTerms(query.text);
  const limit = limitOf(query.limit, 20, 1_000);
  if (await database.read((sql) => haveArrivals(sql))) await database.write((sql) => placeArrivals(sql));
  while (await database.read(isIndexBehind)) await database.write(indexBatch);
  return database.readTogether((sql) => {
    const range = rangeOf(sql, query.conversationId);
    if (!range) return [];
    // All of it in one statement: asking for each place costs as much again as the search itself.
    const ranked = sql
      .all(candidates, expressionOf(terms, query), ...range, Math.max(limit, usuallyRanked))
      .map((row) => candidateOf(shelf.path, terms, row))
      .filter((candidate) => candidate !== undefined)
      .toSorted((one, other) => other.score - one.score);
    const hits: SearchHit[] = [];
    // As many as are still wanted at a time, because some may have expired.
    for (let place = 0; hits.length < limit && place < ranked.length; ) {
      const part = ranked.slice(place, place + limit - hits.length);
      place += part.length;
      hits.push(...hitsOf(sql, shelf, terms, part, query.aliveAtMs));
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

/** Scored by its own text: the index knows only where words are. Without a text it has gone from below the index. */
function candidateOf(path: string, terms: readonly SearchTerm[], row: SqlRow): Candidate | undefined {
  const key = row["key"] as number;
  const text = row["text"] as string | null;
  if (text === null) return undefined;
  if (seqOf(key) === 0) return { key, score: scoreOf(text, terms) ?? 0 };
  const message = messageOf(path, "", seqOf(key), text);
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
  // Telling columns apart takes time, above all for a phrase, so it is left out where nothing can be the word of an owner.
  const both = terms.some((term) => term.words.some(isLikeOwnerWord)) ? "{title content} : " : "";
  const columns = { titles: "title : ", messages: "content : ", both }[scope ?? "both"];
  const owner = ownerId === undefined ? "" : `owner : "${ownerWord(ownerId)}" AND `;
  return `${owner}${columns}(${words})`;
}

function hitsOf(
  sql: Sql,
  shelf: Shelf,
  terms: readonly SearchTerm[],
  candidates: readonly Candidate[],
  aliveAtMs: number | undefined,
): readonly SearchHit[] {
  const numbers = [...new Set(candidates.map(({ key }) => conversationOf(key)))];
  const rows = new Map(
    sql.all(conversationsOf, JSON.stringify(numbers)).map((row) => [row["number"] as number, row] as const),
  );
  return candidates.flatMap(({ key, score, message }): readonly SearchHit[] => {
    const row = rows.get(conversationOf(key));
    if (!row) return [];
    const { conversation } = openConversation(shelf, row);
    if (aliveAtMs !== undefined && (conversation.expiresAtMs ?? Infinity) <= aliveAtMs) return [];
    if (!message) return [{ conversation, score, ...snippetOf(conversation.title, terms) }];
    const named = { ...message, conversationId: conversation.id };
    return [{ conversation, message: named, score, ...snippetOf(message.content, terms) }];
  });
}
