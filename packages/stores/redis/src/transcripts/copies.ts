import {
  type Conversation,
  type ConversationId,
  type ConversationTarget,
  checkTarget,
  conversationNotFound,
  copiedConversation,
  invalid,
  type MergeOptions,
  type MergeResult,
  mergedConversation,
  mergedMessages,
  type TranscriptMessage,
} from "@colloquy/core";
import { readPage } from "./messages.js";
import type { Shelf } from "./shelf.js";

/** Read at once: most conversations are read whole by one script. */
const mostInPage = 5_000;

export type Make = (conversation: Conversation, messages: readonly TranscriptMessage[]) => Promise<Conversation>;

interface Snapshot {
  readonly conversation: Conversation;
  readonly messages: readonly TranscriptMessage[];
}

export async function copyConversation(
  shelf: Shelf,
  make: Make,
  id: ConversationId,
  given: ConversationTarget,
  throughSeq?: number,
): Promise<Conversation> {
  checkTarget(given);
  if (throughSeq !== undefined && !(Number.isSafeInteger(throughSeq) && throughSeq >= 1))
    throw invalid("`seq` must be the number of a message.");
  const target = JSON.parse(JSON.stringify(given)) as ConversationTarget;
  const source = await snapshotOf(shelf, id, throughSeq);
  if (!source) throw conversationNotFound(id);
  const lineage = { copiedFrom: id, ...(throughSeq === undefined ? {} : { forkedAtSeq: throughSeq }) };
  return make(copiedConversation(source.conversation, target, lineage), source.messages);
}

export async function mergeConversations(
  shelf: Shelf,
  make: Make,
  ids: readonly ConversationId[],
  given: ConversationTarget,
  options?: MergeOptions,
): Promise<MergeResult> {
  checkTarget(given);
  const target = JSON.parse(JSON.stringify(given)) as ConversationTarget;
  const wanted = [...new Set(ids)];
  const sources: Snapshot[] = [];
  for (const id of wanted) {
    const source = await snapshotOf(shelf, id);
    if (source) sources.push(source);
  }
  const [first, ...others] = sources.map(({ conversation }) => conversation);
  if (!first) throw conversationNotFound(ids[0] ?? "");
  const merged = mergedConversation([first, ...others], target, options);
  let duplicateCount = 0;
  const lists = sources.map(({ messages }) => messages);
  const messages = [...mergedMessages(target.id, lists, () => duplicateCount++)];
  const found = new Set(sources.map(({ conversation }) => conversation.id));
  return {
    conversation: await make(merged, messages),
    missing: wanted.filter((id) => !found.has(id)),
    duplicateCount,
  };
}

/** As it was at one moment: read again when somebody edited or removed meanwhile. What is appended meanwhile is not in it. */
export async function snapshotOf(
  shelf: Shelf,
  id: ConversationId,
  throughSeq: number = Number.POSITIVE_INFINITY,
): Promise<Snapshot | undefined> {
  for (;;) {
    const before = await shelf.find(id);
    if (!before) return undefined;
    const { conversation } = before;
    const lastSeq = Math.min(throughSeq, conversation.lastSeq);
    const messages: TranscriptMessage[] = [];
    for (let after: number | undefined = 0; after !== undefined && after < lastSeq; ) {
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(shelf, id, { after, limit: mostInPage });
      for (const message of page.messages) if (message.seq <= lastSeq) messages.push(message);
      after = page.cursor;
    }
    const now = await shelf.head(id);
    if (now?.made === before.head.made && now.revision === before.head.revision) return { conversation, messages };
  }
}
