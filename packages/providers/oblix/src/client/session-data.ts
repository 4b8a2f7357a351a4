import type { Conversation, TranscriptMessage, TranscriptObject } from "@colloquy/core";

/** One message as Oblix's API gives it, with what ours keep besides. Instants are ISO 8601 in UTC. */
export interface SessionMessage {
  readonly id: string;
  readonly role: TranscriptMessage["role"];
  readonly content: string;
  readonly timestamp: string;
  readonly status: TranscriptMessage["status"];
  /** Present when `status` is `failed` or `aborted`: why. It is never part of the content. */
  readonly error?: TranscriptMessage["error"];
  readonly model?: string;
  readonly usage?: TranscriptMessage["usage"];
  readonly toolCalls?: TranscriptMessage["toolCalls"];
  readonly toolCallId?: string;
  /** After a merge: the session that it was taken from. */
  readonly sourceSessionId?: string;
}

export interface SessionSummary {
  readonly id: string;
  readonly title: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly messageCount: number;
  readonly metadata: TranscriptObject;
}

export interface SessionData extends SessionSummary {
  readonly messages: readonly SessionMessage[];
  readonly context: TranscriptObject;
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

export function summaryOf(conversation: Conversation): SessionSummary {
  const { id, title, createdAtMs, updatedAtMs, messageCount, metadata } = conversation;
  return { id, title, createdAt: iso(createdAtMs), updatedAt: iso(updatedAtMs), messageCount, metadata };
}

export function sessionMessageOf(message: TranscriptMessage): SessionMessage {
  const { id, role, content, atMs, status, error, model, usage, toolCalls, toolCallId, sourceId } = message;
  return {
    id,
    role,
    content,
    timestamp: iso(atMs),
    status,
    ...(error ? { error } : {}),
    ...(model === undefined ? {} : { model }),
    ...(usage ? { usage } : {}),
    ...(toolCalls ? { toolCalls } : {}),
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(sourceId === undefined ? {} : { sourceSessionId: sourceId }),
  };
}
