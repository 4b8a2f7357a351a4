import type { Reply } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import { jsonReply, refuse, refuseInternally, success } from "./envelope.js";
import { type AtlusSession, type AtlusState, loadRegistry, nowUs } from "./state.js";
import { readFields, validateFields } from "./validation.js";
import { isoMicroseconds } from "./wire-time.js";

export function createSession(state: AtlusState, request: ServiceRequest, requestId: string): Reply {
  const fields = readFields(state, request, requestId);
  validateFields(state, fields, requestId, false);
  loadRegistry(state);
  const userId = "user_id" in fields ? fields["user_id"] : "default_user";
  const createdAt = nowUs(state);
  const session: AtlusSession = {
    sessionId: `session_${state.random.hex(16)}`,
    userId: String(userId),
    createdAt,
    lastActivity: createdAt,
    isActive: true,
    metadata: (fields["metadata"] as Record<string, unknown> | null | undefined) ?? null,
  };
  state.registry.set(session.sessionId, session);
  state.file.set(session.sessionId, session);
  state.memories.set(session.sessionId, []);
  // Stored, and only then found to be wrong.
  if (userId === null) refuseInternally(state, requestId);
  const { lostSessionRate } = state.weather.dials;
  if (lostSessionRate > 0 && state.random.next() < lostSessionRate) drop(state, session.sessionId);
  const { session_id, user_id, created_at, metadata } = publicFields(session);
  return success(state, { session_id, user_id, created_at, metadata }, 201);
}

export function getSession(state: AtlusState, id: string, requestId: string): Reply {
  const session = named(state, id, requestId);
  const turns = state.memories.get(id);
  const memory = {
    session_id: id,
    has_session_memory: turns !== undefined,
    has_working_memory: turns !== undefined,
    has_behavior_profile: turns !== undefined,
    // Absent until somebody talks again after a restart.
    conversation_turns: turns?.length,
  };
  return success(state, { ...publicFields(session), memory });
}

export function deleteSession(state: AtlusState, id: string, requestId: string): Reply {
  named(state, id, requestId);
  drop(state, id);
  state.memories.delete(id);
  const timestamp = isoMicroseconds(nowUs(state));
  return jsonReply(200, { success: true, message: "Session deleted successfully", session_id: id, timestamp });
}

/** The active session of a user that was used last. */
export function continueSession(state: AtlusState, request: ServiceRequest, requestId: string): Reply {
  loadRegistry(state);
  const userId = request.query.get("user_id") ?? "default_user";
  const [newest] = [...state.registry.values()]
    .filter((session) => session.userId === userId && session.isActive)
    .toSorted((a, b) => b.lastActivity - a.lastActivity);
  if (newest === undefined)
    return refuse(state, requestId, "NO_SESSION_FOUND", `No active session found for user: ${userId}`);
  return success(state, publicFields(newest));
}

function named(state: AtlusState, id: string, requestId: string): AtlusSession {
  loadRegistry(state);
  return state.registry.get(id) ?? refuse(state, requestId, "SESSION_NOT_FOUND", `Session ${id} not found`);
}

function drop(state: AtlusState, id: string): void {
  state.registry.delete(id);
  state.file.delete(id);
}

function publicFields(
  session: AtlusSession,
): Record<"session_id" | "user_id" | "created_at" | "last_activity" | "is_active" | "metadata", unknown> {
  return {
    session_id: session.sessionId,
    user_id: session.userId,
    created_at: isoMicroseconds(session.createdAt),
    last_activity: isoMicroseconds(session.lastActivity),
    is_active: session.isActive,
    metadata: session.metadata,
  };
}
