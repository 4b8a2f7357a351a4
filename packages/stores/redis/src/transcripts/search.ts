import {
  bestHits,
  hitsIn,
  isSearched,
  limitOf,
  type SearchHit,
  type SearchTerm,
  searchTerms,
  type TranscriptSearch,
} from "@colloquy/core";
import { snapshotOf } from "./copies.js";
import { everyConversation } from "./list.js";
import { hasWords } from "./message-scripts.js";
import type { Found, Shelf } from "./shelf.js";

/**
 * Asks each conversation whether it has the words, and reads those that do. What was edited or removed leaves its words behind:
 * they only cost a reading that finds nothing.
 */
export async function searchTranscripts(shelf: Shelf, query: TranscriptSearch): Promise<readonly SearchHit[]> {
  limitOf(query.limit, 20, 1_000);
  const terms = searchTerms(query.text);
  const words = terms.flatMap(wordsOf);
  let hits: readonly SearchHit[] = [];
  const look = async ({ conversation }: Found): Promise<void> => {
    if (!isSearched(conversation, query)) return;
    const keys = shelf.keys.some(conversation.id, "words");
    if ((await shelf.server.readScript(hasWords, keys, words)) !== 1) return;
    const snapshot = await snapshotOf(shelf, conversation.id);
    if (!snapshot) return;
    const found = hitsIn({ record: snapshot.conversation, messages: snapshot.messages }, query, terms);
    if (found.length > 0) hits = bestHits([...hits, ...found], query, terms);
  };
  if (query.conversationId === undefined)
    for await (const batch of everyConversation(shelf, query)) await Promise.all(batch.map(look));
  else {
    const head = await shelf.head(query.conversationId);
    if (head?.seal === "") await look(await shelf.open(query.conversationId, head));
  }
  return hits;
}

function wordsOf({ words, isPrefix }: SearchTerm): readonly string[] {
  return words.flatMap((word, index) => [word, isPrefix && index === words.length - 1 ? "1" : ""]);
}
