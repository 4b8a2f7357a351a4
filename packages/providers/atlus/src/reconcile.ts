import { call, isColloquyError, type JsonValue, type Procedure, type SessionContext } from "@colloquy/core/contract";
import { isRecord } from "./json.js";
import type { AtlusSession } from "./operations/session.js";
import { sessions } from "./operations/sessions.js";

/** How a session stood before a chat, to find out afterwards what became of one whose answer was lost. */
export interface ChatMark {
  readonly conversationTurns?: number;
  readonly lastActivityAtMs?: number;
}

/**
 * - `answered`: the turn is kept; asking again would be a second one. The service has no way to read the answer again.
 * - `under_way`: it arrived and is being thought about, or it failed after that. Look again later.
 * - `not_arrived`: asking again is safe.
 * - `gone`: the session does not exist any more.
 * - `unknown`: the service was restarted in between, and counts from the beginning.
 */
export type ChatFate = "answered" | "under_way" | "not_arrived" | "gone" | "unknown";

export function chatMark({ memory, lastActivityAtMs }: AtlusSession): ChatMark {
  const turns = memory?.conversationTurns;
  return {
    ...(turns === undefined ? {} : { conversationTurns: turns }),
    ...(lastActivityAtMs === undefined ? {} : { lastActivityAtMs }),
  };
}

/** A mark as a store gave it back. */
export function readMark(mark: JsonValue | undefined): ChatMark {
  const { conversationTurns, lastActivityAtMs } = isRecord(mark) ? mark : {};
  return {
    ...(typeof conversationTurns === "number" ? { conversationTurns } : {}),
    ...(typeof lastActivityAtMs === "number" ? { lastActivityAtMs } : {}),
  };
}

/** Pure. Right only while nobody else chats in the session. */
export function chatFate(before: ChatMark, after: ChatMark): ChatFate {
  const { conversationTurns: turnsBefore } = before;
  const { conversationTurns: turnsAfter } = after;
  if (turnsBefore === undefined || turnsAfter === undefined || turnsAfter < turnsBefore) return "unknown";
  if (turnsAfter > turnsBefore) return "answered";
  if (before.lastActivityAtMs === undefined || after.lastActivityAtMs === undefined) return "unknown";
  // Activity moves when a chat begins, turns when it is answered.
  return after.lastActivityAtMs === before.lastActivityAtMs ? "not_arrived" : "under_way";
}

/** Before a chat. */
export function* markChat({ remoteId }: SessionContext): Procedure<ChatMark> {
  return chatMark(yield* call(sessions.get, { sessionId: remoteId }));
}

/** After a chat with the outcome `unknown`: what became of it. */
export function* settleChat({ remoteId }: SessionContext, before: ChatMark): Procedure<ChatFate> {
  try {
    return chatFate(before, chatMark(yield* call(sessions.get, { sessionId: remoteId })));
  } catch (error) {
    if (isColloquyError(error) && error.code === "REMOTE_NOT_FOUND") return "gone";
    throw error;
  }
}
