import type { InstantMs, SessionId } from "../contract/index.js";
import type { MetadataCondition } from "./metadata-filter.js";
import type {
  Conversation,
  ConversationId,
  NewConversation,
  NewTranscriptMessage,
  TranscriptMessage,
  TranscriptObject,
} from "./transcript-rows.js";

export type * from "./transcript-rows.js";

/** `atMs` is the caller's clock: stores have none. `updatedAtMs` becomes it, but never goes back. */
export interface TranscriptChangeOptions {
  readonly atMs: InstantMs;
  /** Fails with `STORE_CONFLICT` when the conversation's revision is another one. */
  readonly ifRevision?: number;
}

export interface AppendOptions {
  readonly atMs: InstantMs;
  /**
   * Makes a repetition safe: the same id with the same messages changes nothing and gives the rows that are there; with
   * other messages it fails with `STORE_CONFLICT`. Remembered as long as the conversation.
   */
  readonly operationId?: string;
}

/** What is absent stays. */
export interface ConversationChange {
  readonly title?: string;
  /** JSON merge patch, applied to what is stored at that moment: `null` removes a key. */
  readonly metadata?: TranscriptObject;
  /** Likewise. */
  readonly context?: TranscriptObject;
  /** `null`: never. */
  readonly expiresAtMs?: InstantMs | null;
}

/** What is absent stays; `null` removes an optional field. */
export type MessageChange = Partial<
  Pick<TranscriptMessage, "content" | "status"> & {
    readonly [Field in "parts" | "toolCalls" | "error" | "model" | "usage"]: TranscriptMessage[Field] | null;
  }
> & {
  /** Added to the end of the content that is stored at that moment. Not together with `content`. */
  readonly appendText?: string;
  /** JSON merge patch. */
  readonly metadata?: TranscriptObject;
};

export interface MessageChangeOptions {
  readonly atMs: InstantMs;
  /** Fails with `STORE_CONFLICT` when the message's revision is another one. */
  readonly ifRevision?: number;
}

export interface ConversationQuery {
  readonly ownerId?: string;
  readonly sessionId?: SessionId;
  /** All must hold. */
  readonly where?: readonly MetadataCondition[];
  /** Contained in the title, whatever the case. */
  readonly titleContains?: string;
  /** Leaves out what has expired at this instant. */
  readonly aliveAtMs?: InstantMs;
  readonly after?: string;
  /** Default 50, at most 1,000. */
  readonly limit?: number;
}

export interface ConversationPage {
  readonly conversations: readonly Conversation[];
  /** Give it back as `after` for the next page; absent on the last. */
  readonly cursor?: string;
}

export interface MessageQuery {
  /** Where to begin reading. Default `oldest`. */
  readonly from?: "oldest" | "newest";
  /** The cursor of the page before, or any number of a message: reading goes on beyond it. */
  readonly after?: number;
  /** Default 100, at most 10,000. */
  readonly limit?: number;
}

export interface MessagePage {
  /** Always in the order of the conversation, also when read from the newest. */
  readonly messages: readonly TranscriptMessage[];
  /** Give it back as `after`; absent where the conversation ends. */
  readonly cursor?: number;
}

export interface TranscriptSearch {
  /** Words that must all occur. `"two words"` in this order, `wor*` for a beginning. Case and accents do not count. */
  readonly text: string;
  readonly ownerId?: string;
  readonly conversationId?: ConversationId;
  /** Default both. */
  readonly scope?: "titles" | "messages";
  readonly aliveAtMs?: InstantMs;
  /** Default 20, at most 1,000. */
  readonly limit?: number;
}

export interface SearchHit {
  readonly conversation: Conversation;
  /** Absent when the title was found. */
  readonly message?: TranscriptMessage;
  /** A passage around the first word found, cut at words, with `…` where something is left out. */
  readonly snippet: string;
  /** Where the found words stand in the snippet: start and end, in UTF-16 units. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
  /** Higher is better; compares hits of one search only. */
  readonly score: number;
}

/** What a copy, fork or merge makes. */
export interface ConversationTarget {
  readonly id: ConversationId;
  readonly atMs: InstantMs;
  /** Default: the first source's. */
  readonly title?: string;
  /** Default: the first source's. */
  readonly ownerId?: string;
  readonly sessionId?: SessionId;
  /** JSON merge patch on what is taken over. */
  readonly metadata?: TranscriptObject;
  readonly expiresAtMs?: InstantMs;
  /** Default: encrypted if one of the sources is. */
  readonly isEncrypted?: boolean;
}

/** `merge`: all sources in the order given, a later one wins key by key, nested ones too. */
export type MergeStrategy = "merge" | "first" | "last" | "none";

export interface MergeOptions {
  /** Default `merge`. */
  readonly context?: MergeStrategy;
  /** Default `merge`. */
  readonly metadata?: MergeStrategy;
}

export interface MergeResult {
  readonly conversation: Conversation;
  /** Asked for and not there. */
  readonly missing: readonly ConversationId[];
  /** Messages left out, because one with their id was taken from an earlier place. */
  readonly duplicateCount: number;
}

export interface SweepOptions {
  /** Removes what has expired at this instant. */
  readonly nowMs: InstantMs;
  /** Retention: removes also what was last changed before this instant. */
  readonly untouchedSinceMs?: InstantMs;
  /** Retention only of this owner's. */
  readonly ownerId?: string;
  /** Most conversations of one call, so that others get their turn between calls. Default 100, at most 1,000. */
  readonly limit?: number;
}

export interface SweepResult {
  readonly removed: readonly ConversationId[];
  /** Call again: the limit was reached. */
  readonly hasMore: boolean;
}

/**
 * Conversations, a row per message. What is said of a conversation that is not there fails with `SESSION_NOT_FOUND`, unless
 * stated otherwise; a malformed id, limit or condition with `INPUT_INVALID`; an encrypted one without its key with
 * `SECRET_UNREADABLE`, never as missing. Every change happens whole or not at all.
 */
export interface TranscriptStore {
  /**
   * Fails with `STORE_CONFLICT` when the id is taken, with `SESSION_NOT_FOUND` when `sessionId` names no session of the store,
   * and with `CONFIG_INVALID` when it is to be encrypted and the store has no key.
   */
  create(conversation: NewConversation): Promise<Conversation>;
  get(id: ConversationId): Promise<Conversation | undefined>;
  /** Last changed first, then by id backwards. One that changes while others page moves to the front. */
  list(query?: ConversationQuery): Promise<ConversationPage>;
  /** `metadata` and `context` as JSON merge patch inside the transaction, so concurrent changes of different keys all stay. */
  update(id: ConversationId, change: ConversationChange, options: TranscriptChangeOptions): Promise<Conversation>;
  /** Removes it with all its messages. False when there was none. */
  remove(id: ConversationId): Promise<boolean>;

  /**
   * Adds messages at the end, in the order given. Never conflicts with another append. A message whose id the conversation
   * has is left alone, and the one that is there is given back.
   */
  append(
    id: ConversationId,
    messages: readonly NewTranscriptMessage[],
    options: AppendOptions,
  ): Promise<readonly TranscriptMessage[]>;
  /** Undefined when the conversation has no such message or does not exist. */
  message(id: ConversationId, messageId: string): Promise<TranscriptMessage | undefined>;
  /** Empty for a conversation that does not exist. */
  page(id: ConversationId, query?: MessageQuery): Promise<MessagePage>;
  /** Every message, read in pages while the caller takes them. What is appended meanwhile is read too. */
  read(
    id: ConversationId,
    query?: { readonly afterSeq?: number; readonly pageSize?: number },
  ): AsyncIterable<TranscriptMessage>;
  /**
   * Edits a message, lets a streaming one grow, settles it. Fails with `REMOTE_NOT_FOUND` when the conversation has no such
   * message. Only `appendText` and changes to a streaming message leave the conversation's revision.
   */
  change(
    id: ConversationId,
    messageId: string,
    change: MessageChange,
    options: MessageChangeOptions,
  ): Promise<TranscriptMessage>;
  /** Gives the removed messages, in order; what is not there is left out. */
  removeMessages(
    id: ConversationId,
    messageIds: readonly string[],
    options: TranscriptChangeOptions,
  ): Promise<readonly TranscriptMessage[]>;
  /** Removes the newest messages and gives them, in order. */
  pop(id: ConversationId, count: number, options: TranscriptChangeOptions): Promise<readonly TranscriptMessage[]>;

  /**
   * Best first. Streaming messages are found once they are settled. A store may rank only a part of very many places that
   * match, at least the 200 of the conversations made last.
   */
  search(query: TranscriptSearch): Promise<readonly SearchHit[]>;

  /** Messages keep their ids, numbers and instants. Fails with `STORE_CONFLICT` when the target id is taken. */
  copy(id: ConversationId, target: ConversationTarget): Promise<Conversation>;
  /** A copy that ends with message number `seq`. */
  fork(id: ConversationId, seq: number, target: ConversationTarget): Promise<Conversation>;
  /**
   * One conversation of all messages of the sources. Each source keeps its own order; between sources the earlier instant goes
   * first, then the lower number, then the source given first. Messages are numbered anew and name their source. Fails with
   * `SESSION_NOT_FOUND` only when none of the sources is there.
   */
  merge(ids: readonly ConversationId[], target: ConversationTarget, options?: MergeOptions): Promise<MergeResult>;

  /** One bounded batch. */
  sweep(options: SweepOptions): Promise<SweepResult>;
}
