import { type SearchTerm, scoreOf, searchTerms, snippetOf } from "./search-text.js";
import type { Conversation, TranscriptMessage } from "./transcript-rows.js";
import type { SearchHit, TranscriptSearch } from "./transcripts.js";

/** A conversation with its messages, for a search that reads everything. */
export interface ReadConversation {
  readonly record: Conversation;
  readonly messages: Iterable<TranscriptMessage>;
}

/** Reads everything each time. */
export function searchConversations(
  conversations: Iterable<ReadConversation>,
  query: TranscriptSearch,
): readonly SearchHit[] {
  const terms = searchTerms(query.text);
  const hits: SearchHit[] = [];
  for (const conversation of conversations) hits.push(...hitsIn(conversation, query, terms));
  return bestHits(hits, query, terms);
}

/** Whether a search looks into a conversation at all. */
export function isSearched(
  record: Conversation,
  { conversationId, ownerId, aliveAtMs }: Pick<TranscriptSearch, "conversationId" | "ownerId" | "aliveAtMs">,
): boolean {
  if (record.isEncrypted || (conversationId ?? record.id) !== record.id) return false;
  if ((ownerId ?? record.ownerId) !== record.ownerId) return false;
  return aliveAtMs === undefined || (record.expiresAtMs ?? Infinity) > aliveAtMs;
}

/** Every place in one conversation that matches, each with its whole text until `bestHits` has chosen. */
export function hitsIn(
  { record, messages }: ReadConversation,
  query: TranscriptSearch,
  terms: readonly SearchTerm[],
): readonly SearchHit[] {
  const hits: SearchHit[] = [];
  if (!isSearched(record, query)) return hits;
  const look = (text: string, message?: TranscriptMessage): void => {
    const score = scoreOf(text, terms);
    if (score === undefined) return;
    hits.push({ conversation: record, ...(message ? { message } : {}), score, snippet: text, highlights: [] });
  };
  if (query.scope !== "messages") look(record.title);
  if (query.scope !== "titles")
    for (const message of messages) if (message.status !== "streaming") look(message.content, message);
  return hits;
}

export function bestHits(
  hits: readonly SearchHit[],
  { limit = 20 }: Pick<TranscriptSearch, "limit">,
  terms: readonly SearchTerm[],
): readonly SearchHit[] {
  return hits
    .toSorted((one, other) => other.score - one.score)
    .slice(0, limit)
    .map((hit) => ({ ...hit, ...snippetOf(hit.message?.content ?? hit.conversation.title, terms) }));
}
