import type { SessionId } from "../contract/index.js";
import { canonicalText } from "./canonical-text.js";
import { conversationFilter } from "./conversation-filter.js";
import { ConversationOrder, placeIn } from "./conversation-order.js";
import { copyJson } from "./copy.js";
import { MemoryConversation } from "./memory-conversation.js";
import { searchConversations } from "./memory-search.js";
import { readPages } from "./read-pages.js";
import { cursorOf, placeOf } from "./session-order.js";
import {
  changedConversation,
  changedMessage,
  copiedConversation,
  copiedMessageRow,
  copyMessage,
  isEdit,
  mergedConversation,
  mergedMessages,
  newConversationRow,
} from "./transcript-changes.js";
import {
  checkConversation,
  checkId,
  checkInstant,
  checkMessageChange,
  checkMessages,
  checkTarget,
  invalid,
  limitOf,
} from "./transcript-check.js";
import { checkRevision, conversationConflict, conversationNotFound, messageNotFound } from "./transcript-errors.js";
import type { Conversation, ConversationId, NewTranscriptMessage, TranscriptMessage } from "./transcript-rows.js";
import type { AppendOptions, ConversationTarget, TranscriptStore } from "./transcripts.js";

export interface MemoryTranscripts {
  readonly store: TranscriptStore;
  /** The session is gone, and its conversations with it. */
  forget(sessionId: SessionId): void;
}

/** `needSession` throws while the store is closed, and for a session that it does not hold. */
export function memoryTranscripts(needSession: (sessionId?: SessionId) => void): MemoryTranscripts {
  const conversations = new Map<ConversationId, MemoryConversation>();
  const order = new ConversationOrder((id) => conversations.get(id)?.record);

  const find = (id: ConversationId): MemoryConversation | undefined => {
    needSession();
    return conversations.get(id);
  };
  const need = (id: ConversationId): MemoryConversation => {
    const conversation = find(id);
    if (!conversation) throw conversationNotFound(id);
    return conversation;
  };
  const keep = (conversation: MemoryConversation, record: Conversation): Conversation => {
    if (record.updatedAtMs !== conversation.record.updatedAtMs) order.note(record.id);
    conversation.record = record;
    return record;
  };
  const insert = (record: Conversation, messages: Iterable<TranscriptMessage> = []): Conversation => {
    needSession(record.sessionId);
    if (conversations.has(record.id)) throw conversationConflict(record.id, "exists already");
    const conversation = new MemoryConversation(record);
    for (const message of messages) conversation.add(message);
    const { messages: kept } = conversation;
    conversation.record = { ...record, messageCount: kept.length, lastSeq: kept.at(-1)?.seq ?? 0 };
    conversations.set(record.id, conversation);
    order.note(record.id);
    return copyJson(conversation.record);
  };
  const drop = ({ record }: MemoryConversation): boolean => {
    order.note(record.id);
    return conversations.delete(record.id);
  };
  const copy = (id: ConversationId, given: ConversationTarget, throughSeq?: number): Conversation => {
    checkTarget(given);
    const target = copyJson(given);
    const { record, messages } = need(id);
    const lineage = { copiedFrom: id, ...(throughSeq === undefined ? {} : { forkedAtSeq: throughSeq }) };
    const taken = messages.filter(({ seq }) => seq <= (throughSeq ?? record.lastSeq));
    return insert(
      copyJson(copiedConversation(record, target, lineage)),
      copyJson(taken).map((message) => ({ ...message, conversationId: target.id })),
    );
  };
  const shrink = (
    id: ConversationId,
    { atMs, ifRevision }: { readonly atMs: number; readonly ifRevision?: number },
    isWanted: (message: TranscriptMessage, place: number, count: number) => boolean,
  ): readonly TranscriptMessage[] => {
    checkInstant("atMs", atMs);
    const conversation = need(id);
    checkRevision(id, conversation.record.revision, ifRevision);
    const wanted = new Set(conversation.messages.filter((message, place, all) => isWanted(message, place, all.length)));
    if (wanted.size === 0) return [];
    const taken = conversation.take((message) => wanted.has(message));
    const changed = changedConversation(conversation.record, {}, atMs);
    keep(conversation, { ...changed, messageCount: conversation.messages.length });
    return taken;
  };

  const append = (
    id: ConversationId,
    messages: readonly NewTranscriptMessage[],
    { atMs, operationId }: AppendOptions,
  ): readonly TranscriptMessage[] => {
    checkMessages(messages);
    checkInstant("atMs", atMs);
    if (operationId !== undefined) checkId("an operation", operationId);
    const conversation = need(id);
    if (operationId !== undefined) {
      const text = canonicalText(messages);
      const known = conversation.operations.get(operationId);
      if (known?.text === text)
        return known.ids.flatMap((one) => {
          const row = conversation.message(one);
          return row ? [copyMessage(row)] : [];
        });
      if (known) throw conversationConflict(id, `knows operation ${operationId} with other messages`);
      conversation.operations.set(operationId, { text, ids: messages.map((message) => message.id) });
    }
    const { record } = conversation;
    let { lastSeq } = record;
    const rows: TranscriptMessage[] = [];
    for (const message of messages) {
      let row = conversation.message(message.id);
      if (!row) {
        row = copiedMessageRow(id, ++lastSeq, message);
        conversation.add(row);
      }
      rows.push(copyMessage(row));
    }
    conversation.count(lastSeq);
    if (atMs > record.updatedAtMs) {
      conversation.touch(atMs);
      order.note(id);
    }
    return rows;
  };

  const store: TranscriptStore = {
    async create(conversation) {
      checkConversation(conversation);
      return insert(newConversationRow(copyJson(conversation)));
    },
    get: async (id) => copyJson(find(id)?.record),
    async list({ after, limit, ...query } = {}) {
      const fits = conversationFilter(query);
      const most = limitOf(limit, 50, 1_000);
      const found: Conversation[] = [];
      needSession();
      for (const { id } of order.newestFirst(after === undefined ? undefined : placeOf(after))) {
        const { record } = need(id);
        if (!fits(record)) continue;
        const last = found.at(-1);
        if (last && found.length >= most) return { conversations: found, cursor: cursorOf(placeIn(last)) };
        found.push(copyJson(record));
      }
      return { conversations: found };
    },
    async update(id, change, { atMs, ifRevision }) {
      checkInstant("atMs", atMs);
      checkInstant("expiresAtMs", change.expiresAtMs);
      const conversation = need(id);
      checkRevision(id, conversation.record.revision, ifRevision);
      return copyJson(keep(conversation, changedConversation(conversation.record, copyJson(change), atMs)));
    },
    async remove(id) {
      const conversation = find(id);
      return conversation ? drop(conversation) : false;
    },

    append: async (id, messages, options) => append(id, messages, options),
    message: async (id, messageId) => copyJson(find(id)?.message(messageId)),
    async page(id, { from = "oldest", after, limit } = {}) {
      const most = limitOf(limit, 100, 10_000);
      const conversation = find(id);
      if (!conversation) return { messages: [] };
      const { messages } = conversation;
      const isForward = from === "oldest";
      const start = isForward
        ? conversation.firstBeyond(after ?? 0)
        : Math.max(0, conversation.firstBeyond((after ?? Infinity) - 1) - most);
      const end = isForward ? start + most : conversation.firstBeyond((after ?? Infinity) - 1);
      const page = messages.slice(start, end);
      const edge = isForward ? page.at(-1) : page[0];
      const hasMore = isForward ? end < messages.length : start > 0;
      return { messages: page.map(copyMessage), ...(edge && hasMore ? { cursor: edge.seq } : {}) };
    },
    read: (id, query) => readPages(store, id, query),
    async change(id, messageId, change, { atMs, ifRevision }) {
      checkMessageChange(messageId, change);
      checkInstant("atMs", atMs);
      const conversation = need(id);
      const before = conversation.message(messageId);
      if (!before) throw messageNotFound(id, messageId);
      const changed = copyJson(changedMessage(before, change, ifRevision));
      conversation.replace(changed);
      const { revision, updatedAtMs } = conversation.record;
      keep(conversation, {
        ...conversation.record,
        revision: revision + (isEdit(before) ? 1 : 0),
        updatedAtMs: Math.max(updatedAtMs, atMs),
      });
      return copyJson(changed);
    },
    async removeMessages(id, messageIds, options) {
      const wanted = new Set(messageIds);
      return shrink(id, options, (message) => wanted.has(message.id));
    },
    async pop(id, count, options) {
      if (!Number.isSafeInteger(count) || count < 1) throw invalid("`count` must be a whole number from 1.");
      return shrink(id, options, (_message, place, all) => place >= all - count);
    },

    async search(query) {
      limitOf(query.limit, 20, 1_000);
      needSession();
      return copyJson(searchConversations(conversations.values(), query));
    },

    copy: async (id, target) => copy(id, target),
    async fork(id, seq, target) {
      if (!Number.isSafeInteger(seq) || seq < 1) throw invalid("`seq` must be the number of a message.");
      return copy(id, target, seq);
    },
    async merge(ids, target, options) {
      checkTarget(target);
      const wanted = [...new Set(ids)];
      const sources = wanted.flatMap((id) => find(id) ?? []);
      const missing = wanted.filter((id) => !conversations.has(id));
      const [first, ...others] = sources.map(({ record }) => record);
      if (!first) throw conversationNotFound(ids[0] ?? "");
      let duplicateCount = 0;
      const messages = mergedMessages(
        target.id,
        sources.map((source) => source.messages),
        () => duplicateCount++,
      );
      const merged = copyJson(mergedConversation([first, ...others], target, options));
      return {
        conversation: insert(merged, copyJson([...messages])),
        missing,
        duplicateCount,
      };
    },

    async sweep({ nowMs, untouchedSinceMs, ownerId, limit }) {
      const most = limitOf(limit, 100, 1_000);
      needSession();
      const due = [...conversations.values()].filter(
        ({ record }) =>
          (record.expiresAtMs ?? Infinity) <= nowMs ||
          (record.updatedAtMs < (untouchedSinceMs ?? -Infinity) && (ownerId ?? record.ownerId) === record.ownerId),
      );
      const batch = due.slice(0, most);
      for (const conversation of batch) drop(conversation);
      return { removed: batch.map(({ record }) => record.id), hasMore: due.length > most };
    },
  };

  return {
    store,
    forget(sessionId) {
      for (const conversation of [...conversations.values()])
        if (conversation.record.sessionId === sessionId) drop(conversation);
    },
  };
}
