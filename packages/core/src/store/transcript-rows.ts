import type { InstantMs, JsonValue, SessionId } from "../contract/index.js";

/**
 * Names one conversation: 1 to 256 characters, well-formed, without control characters. It is only ever compared, never
 * used as a path. The same rule holds for ids of messages, owners and operations.
 */
export type ConversationId = string;

export type TranscriptObject = Readonly<Record<string, JsonValue>>;

/** Where a conversation comes from. */
export interface ConversationLineage {
  readonly copiedFrom?: ConversationId;
  /** The last message that a fork took over. */
  readonly forkedAtSeq?: number;
  /** The sources that were found, in the order given. */
  readonly mergedFrom?: readonly ConversationId[];
  /** A file's name or another word of the importer's. */
  readonly importedFrom?: string;
}

export interface Conversation {
  readonly id: ConversationId;
  /** Whose it is, for `list` and `search`. The store compares it and nothing more. */
  readonly ownerId?: string;
  /** A session of this store; the conversation is removed with it. */
  readonly sessionId?: SessionId;
  readonly title: string;
  readonly context: TranscriptObject;
  readonly metadata: TranscriptObject;
  readonly lineage: ConversationLineage;
  readonly createdAtMs: InstantMs;
  /** The latest instant that a change named. */
  readonly updatedAtMs: InstantMs;
  /** Due for `sweep` from this instant on. */
  readonly expiresAtMs?: InstantMs;
  /**
   * Title, context, metadata and messages are encrypted at rest with a key of this conversation's own; then no filter on
   * title or metadata and no search finds it. A store in memory has nothing at rest, and keeps to the rest of it.
   */
  readonly isEncrypted: boolean;
  /**
   * From 1; grows when the conversation is updated and when a message is edited or removed. Appending and the growth of a
   * streaming message leave it, so they never make anybody's change conflict.
   */
  readonly revision: number;
  readonly messageCount: number;
  /** The number of the newest message ever; 0 before the first. A number is never given twice. */
  readonly lastSeq: number;
}

export type TranscriptRole = "system" | "user" | "assistant" | "tool";

/** `streaming`: still growing; after a crash it stays so until somebody settles it. The others are final but for edits. */
export type TranscriptStatus = "complete" | "streaming" | "failed" | "aborted";

export interface TranscriptToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonValue;
}

export interface TranscriptError {
  readonly code: string;
  readonly message: string;
}

/** As the provider counted. */
export interface TranscriptUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Of the input: what the provider had in its cache. */
  readonly cachedTokens?: number;
}

export interface TranscriptMessage {
  readonly conversationId: ConversationId;
  /** Its place in the conversation, from 1, given by the store. Gaps are what was removed. */
  readonly seq: number;
  /** Unique in its conversation. */
  readonly id: string;
  readonly role: TranscriptRole;
  readonly content: string;
  readonly parts?: readonly JsonValue[];
  readonly toolCalls?: readonly TranscriptToolCall[];
  /** Of a `tool` message: the call that it answers. */
  readonly toolCallId?: string;
  readonly name?: string;
  readonly status: TranscriptStatus;
  readonly error?: TranscriptError;
  readonly model?: string;
  readonly usage?: TranscriptUsage;
  readonly atMs: InstantMs;
  readonly metadata?: TranscriptObject;
  /** After a merge: the conversation that it was taken from. */
  readonly sourceId?: ConversationId;
  /** From 1; grows with every change of this message. */
  readonly revision: number;
}

export type NewConversation = Pick<Conversation, "id" | "createdAtMs"> &
  Partial<
    Pick<
      Conversation,
      | "ownerId"
      | "sessionId"
      | "title"
      | "context"
      | "metadata"
      | "lineage"
      | "updatedAtMs"
      | "expiresAtMs"
      | "isEncrypted"
    >
  >;

export type NewTranscriptMessage = Omit<TranscriptMessage, "conversationId" | "seq" | "revision" | "status"> & {
  /** Default `complete`. */
  readonly status?: TranscriptStatus;
};
