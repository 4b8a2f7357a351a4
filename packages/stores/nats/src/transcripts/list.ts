import {
  bestHits,
  type Conversation,
  type ConversationPage,
  type ConversationQuery,
  conversationFilter,
  hitsIn,
  invalid,
  limitOf,
  type SearchHit,
  searchTerms,
  type TranscriptSearch,
} from "@colloquy/core";
import type { Catalogue, Entry } from "./catalogue.js";
import { snapshotOf } from "./copies.js";
import { conversationOf } from "./row-values.js";
import { type Shelf } from "./shelf.js";

/** Looked into at once. ASSUMED: some hundred kilobytes. */
const mostInBatch = 200;

/** Owner, session and expiry stand in the catalogue; for the other conditions each conversation in question is looked into. */
export async function listConversations(
  shelf: Shelf,
  catalogue: Catalogue,
  { after, limit, ...query }: ConversationQuery = {},
): Promise<ConversationPage> {
  const fits = conversationFilter(query);
  const most = limitOf(limit, 50, 1_000);
  const from = after === undefined ? undefined : placeOf(after);
  // What is encrypted cannot match then, so its key is not needed either.
  const isLooked = (query.where?.length ?? 0) > 0 || query.titleContains !== undefined;
  const entries = (await catalogue.newestFirst()).filter(
    (entry) => mayFit(entry, query) && (!isLooked || entry.line.salt === undefined) && (!from || isAfter(entry, from)),
  );
  const conversations: Conversation[] = [];
  let cursor = "";
  for (let place = 0; place < entries.length; ) {
    const count = isLooked ? mostInBatch : Math.min(mostInBatch, most - conversations.length + 1);
    const batch = entries.slice(place, place + count);
    place += count;
    const found = await Promise.all(batch.map(({ id, seq }) => shelf.read(id, conversationOf, seq)));
    for (const [index, { id, line }] of batch.entries()) {
      const conversation = found[index];
      // It may have been changed or removed just now.
      if (!conversation || !fits(conversation)) continue;
      if (conversations.length >= most) return { conversations, cursor };
      conversations.push(conversation);
      cursor = `${line.updatedAtMs}:${id}`;
    }
  }
  return { conversations };
}

/** Reads every conversation in question: what this process has at hand costs no question to the server. */
export async function searchTranscripts(
  shelf: Shelf,
  catalogue: Catalogue,
  query: TranscriptSearch,
): Promise<readonly SearchHit[]> {
  limitOf(query.limit, 20, 1_000);
  const terms = searchTerms(query.text);
  const { conversationId } = query;
  const only = conversationId === undefined ? undefined : await catalogue.find(conversationId);
  const all = conversationId === undefined ? await catalogue.newestFirst() : only ? [only] : [];
  const entries = all.filter((entry) => entry.line.salt === undefined && mayFit(entry, query));
  let hits: readonly SearchHit[] = [];
  for (let place = 0; place < entries.length; place += mostInBatch) {
    const batch = entries.slice(place, place + mostInBatch);
    const found = await Promise.all(batch.map(({ id, seq }) => snapshotOf(shelf, id, seq)));
    const more = found.flatMap((one) =>
      one ? hitsIn({ record: one.conversation, messages: one.messages }, query, terms) : [],
    );
    hits = bestHits([...hits, ...more], query, terms);
  }
  return hits;
}

function mayFit(
  { line }: Entry,
  { ownerId, sessionId, aliveAtMs }: Pick<ConversationQuery, "ownerId" | "sessionId" | "aliveAtMs">,
): boolean {
  return (
    (ownerId === undefined || line.ownerId === ownerId) &&
    (sessionId === undefined || line.sessionId === sessionId) &&
    (aliveAtMs === undefined || (line.expiresAtMs ?? Number.POSITIVE_INFINITY) > aliveAtMs)
  );
}

interface Place {
  readonly updatedAtMs: number;
  readonly id: string;
}

function isAfter({ id, line }: Entry, place: Place): boolean {
  if (line.updatedAtMs !== place.updatedAtMs) return line.updatedAtMs < place.updatedAtMs;
  return id < place.id;
}

function placeOf(cursor: string): Place {
  const match = /^(-?\d+):(.+)$/s.exec(cursor);
  if (!match) throw invalid("`after` is not a cursor of this store.");
  return { updatedAtMs: Number(match[1]), id: match[2] as string };
}
