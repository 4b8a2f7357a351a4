import type { AtlusState, Chat, Turn } from "./state.js";
import { toMs } from "./wire-time.js";

/** A session as tests and the page see it. */
export interface AtlusSessionView {
  sessionId: string;
  userId: string;
  isActive: boolean;
  metadata: Record<string, unknown> | null;
  createdAtMs: number;
  lastActivityAtMs: number;
  /** False after a restart until a session route has run: a chat in it is refused then. */
  isLoaded: boolean;
  /** The conversation as the process remembers it; null after a restart. */
  turns: Turn[] | null;
}

/** One chat, whether or not its answer arrived. */
export interface ChatView {
  requestId: string;
  /** Under which the conversation is kept: the session's id, or for a temporary one the request's. */
  memoryKey: string;
  userId: string;
  message: string;
  startedAtMs: number;
  /** Null while it is being thought about. */
  answer: string | null;
  answeredAtMs: number | null;
}

export const chatView = (chat: Chat): ChatView => ({ ...chat });

export function sessionViews(state: AtlusState): AtlusSessionView[] {
  return [...state.file.values()].map((session) => ({
    sessionId: session.sessionId,
    userId: session.userId,
    isActive: session.isActive,
    metadata: session.metadata,
    createdAtMs: toMs(session.createdAt),
    lastActivityAtMs: toMs(session.lastActivity),
    isLoaded: state.registry.has(session.sessionId),
    turns: state.memories.get(session.sessionId)?.map((turn) => ({ ...turn })) ?? null,
  }));
}
