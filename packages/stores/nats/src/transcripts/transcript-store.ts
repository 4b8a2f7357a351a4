import {
  type Conversation,
  type ConversationChange,
  type ConversationId,
  changedConversation,
  checkConversation,
  checkInstant,
  checkRevision,
  limitOf,
  newConversationRow,
  readPages,
  type SecretSeal,
  type SweepOptions,
  type SweepResult,
  type TranscriptChangeOptions,
  type TranscriptStore,
} from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import type { Heads } from "../store/heads.js";
import type { StreamLog } from "../store/stream-log.js";
import type { Subjects } from "../store/subjects.js";
import { Catalogue } from "./catalogue.js";
import { copyConversation, type Make, makeConversation, mergeConversations } from "./copies.js";
import { listConversations, searchTranscripts } from "./list.js";
import { appendMessages, changeMessage, popMessages, readMessage, readPage, removeMessages } from "./messages.js";
import { closeBody, conversationOf, lineOf } from "./row-values.js";
import { Shelf } from "./shelf.js";
import type { Line } from "./transcript-fold.js";

export interface Transcripts {
  readonly store: TranscriptStore;
  /** Removes the conversations of a session. */
  forget(sessionId: SessionId): Promise<void>;
}

export function transcriptStore(log: StreamLog, subjects: Subjects, heads: Heads, seal: SecretSeal): Transcripts {
  const shelf = new Shelf(log, subjects, seal);
  const catalogue = new Catalogue(log, subjects);
  const needSession = async (sessionId: SessionId): Promise<void> => {
    await heads.need(sessionId);
  };
  const make: Make = (conversation, messages) => makeConversation(shelf, needSession, conversation, messages);

  const store: TranscriptStore = {
    async create(given) {
      checkConversation(given);
      return make(JSON.parse(JSON.stringify(newConversationRow(given))) as Conversation, []);
    },
    get: (id) => shelf.read(id, conversationOf),
    list: (query) => listConversations(shelf, catalogue, query),
    update: (id, change, options) => updateConversation(shelf, id, change, options),
    remove: (id) => shelf.remove(id),

    append: (id, messages, options) => appendMessages(shelf, id, messages, options),
    message: (id, messageId) => readMessage(shelf, id, messageId),
    page: (id, query) => readPage(shelf, id, query),
    read: (id, query) => readPages(store, id, query),
    change: (id, messageId, change, options) => changeMessage(shelf, id, messageId, change, options),
    removeMessages: async (id, messageIds, options) => removeMessages(shelf, id, messageIds, options),
    pop: (id, count, options) => popMessages(shelf, id, count, options),

    search: (query) => searchTranscripts(shelf, catalogue, query),

    copy: (id, target) => copyConversation(shelf, make, id, target),
    fork: (id, seq, target) => copyConversation(shelf, make, id, target, seq),
    merge: (ids, target, options) => mergeConversations(shelf, make, ids, target, options),

    sweep: (options) => sweepConversations(shelf, catalogue, options),
  };
  return {
    store,
    async forget(sessionId) {
      const isOf = (line: Line): boolean => line.sessionId === sessionId;
      for (const { id, line } of await catalogue.newestFirst()) if (isOf(line)) await shelf.remove(id, isOf);
    },
  };
}

async function updateConversation(
  shelf: Shelf,
  id: ConversationId,
  given: ConversationChange,
  { atMs, ifRevision }: TranscriptChangeOptions,
): Promise<Conversation> {
  checkInstant("atMs", atMs);
  checkInstant("expiresAtMs", given.expiresAtMs);
  const change = JSON.parse(JSON.stringify(given)) as ConversationChange;
  return shelf.change(id, (found) => {
    checkRevision(id, found.line.revision, ifRevision);
    const changed = changedConversation(conversationOf(found), change, atMs);
    const event = { line: lineOf(changed, found.line.salt), body: closeBody(found.seal, changed) };
    return { event, result: () => JSON.parse(JSON.stringify(changed)) as Conversation };
  });
}

async function sweepConversations(
  shelf: Shelf,
  catalogue: Catalogue,
  { nowMs, untouchedSinceMs, ownerId, limit }: SweepOptions,
): Promise<SweepResult> {
  const most = limitOf(limit, 100, 1_000);
  const isDue = (line: Line): boolean =>
    (line.expiresAtMs ?? Number.POSITIVE_INFINITY) <= nowMs ||
    (line.updatedAtMs < (untouchedSinceMs ?? Number.NEGATIVE_INFINITY) && (ownerId ?? line.ownerId) === line.ownerId);
  const due = (await catalogue.newestFirst()).filter(({ line }) => isDue(line));
  const removed: ConversationId[] = [];
  // It may have been changed or removed just now.
  for (const { id } of due.slice(0, most)) if (await shelf.remove(id, isDue)) removed.push(id);
  return { removed, hasMore: due.length > most };
}
