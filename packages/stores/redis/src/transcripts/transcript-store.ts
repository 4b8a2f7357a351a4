import {
  type ConversationChange,
  type ConversationId,
  changedConversation,
  checkConversation,
  checkInstant,
  checkRevision,
  newConversationRow,
  readPages,
  type SecretSeal,
  searchWords,
  type TranscriptChangeOptions,
  type TranscriptStore,
} from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { newStamp } from "../store/row-text.js";
import type { Server } from "../store/server.js";
import { appendMessages } from "./append.js";
import { ConversationKeys } from "./conversation-keys.js";
import { copyConversation, type Make, mergeConversations } from "./copies.js";
import { replaceHead } from "./head-scripts.js";
import { forgetSession, listConversations } from "./list.js";
import { makeConversation } from "./make.js";
import { changeMessage, readMessage, readPage } from "./messages.js";
import { Places } from "./places.js";
import { popMessages, removeMessages } from "./removal.js";
import { searchTranscripts } from "./search.js";
import { headIn, Shelf } from "./shelf.js";
import { sweepConversations } from "./sweep.js";

export interface Transcripts {
  readonly store: TranscriptStore;
  /** Removes the conversations of a session. */
  forget(sessionId: SessionId): Promise<void>;
}

/** `needSession` fails with `SESSION_NOT_FOUND`. */
export function transcriptStore(
  server: Server,
  prefix: string,
  seal: SecretSeal,
  needSession: (sessionId: SessionId) => Promise<void>,
): Transcripts {
  const keys = new ConversationKeys(prefix);
  const shelf = new Shelf(server, keys, new Places(server, keys), seal);
  const make: Make = (conversation, messages) => makeConversation(shelf, needSession, conversation, messages);

  const store: TranscriptStore = {
    async create(given) {
      checkConversation(given);
      return make(JSON.parse(JSON.stringify(newConversationRow(given))) as ReturnType<typeof newConversationRow>, []);
    },
    get: async (id) => (await shelf.find(id))?.conversation,
    list: (query) => listConversations(shelf, query),
    update: (id, change, options) => updateConversation(shelf, id, change, options),
    remove: (id) => shelf.remove(id),

    append: (id, messages, options) => appendMessages(shelf, id, messages, options),
    message: (id, messageId) => readMessage(shelf, id, messageId),
    page: (id, query) => readPage(shelf, id, query),
    read: (id, query) => readPages(store, id, query),
    change: (id, messageId, change, options) => changeMessage(shelf, id, messageId, change, options),
    removeMessages: (id, messageIds, options) => removeMessages(shelf, id, messageIds, options),
    pop: (id, count, options) => popMessages(shelf, id, count, options),

    search: (query) => searchTranscripts(shelf, query),

    copy: (id, target) => copyConversation(shelf, make, id, target),
    fork: (id, seq, target) => copyConversation(shelf, make, id, target, seq),
    merge: (ids, target, options) => mergeConversations(shelf, make, ids, target, options),

    sweep: (options) => sweepConversations(shelf, options),
  };
  return { store, forget: (sessionId) => forgetSession(shelf, sessionId) };
}

async function updateConversation(
  shelf: Shelf,
  id: ConversationId,
  given: ConversationChange,
  { atMs, ifRevision }: TranscriptChangeOptions,
): ReturnType<TranscriptStore["update"]> {
  checkInstant("atMs", atMs);
  checkInstant("expiresAtMs", given.expiresAtMs);
  const change = JSON.parse(JSON.stringify(given)) as ConversationChange;
  const stamp = newStamp();
  for (;;) {
    const { conversation, seal, head } = await shelf.need(id);
    checkRevision(id, conversation.revision, ifRevision);
    const changed = changedConversation(conversation, change, atMs);
    if (changed.expiresAtMs !== undefined && change.expiresAtMs !== undefined)
      await shelf.places.file({ ...conversation, expiresAtMs: changed.expiresAtMs });
    const words = seal ? [] : searchWords(changed.title);
    const answer = (await shelf.server.writeScript(replaceHead, shelf.keys.some(id, "head", "messages", "words"), [
      head.stamp,
      stamp,
      ifRevision ?? "",
      atMs,
      shelf.closeBody(seal, changed),
      changed.expiresAtMs ?? "",
      ...words,
    ])) as readonly string[];
    const now = answer.length === 1 ? undefined : headIn(answer);
    // Somebody else changed it in between, or removed it.
    if (!now) continue;
    const { conversation: updated } = await shelf.open(id, now);
    if (updated.updatedAtMs > conversation.updatedAtMs) await shelf.places.move(updated);
    return updated;
  }
}
