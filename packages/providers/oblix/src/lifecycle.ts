import {
  call,
  isColloquyError,
  type Problem,
  type Procedure,
  type RemoteSession,
  type RemoteSignal,
  type SessionContext,
} from "@colloquy/core/contract";
import { isRecord } from "./json.js";
import { type NewConversationInput, operations } from "./operations.js";

const { conversations } = operations;

export function problemsOfSession(input: NewConversationInput): readonly Problem[] {
  const { title, initialContext, metadata } = input as Readonly<Record<string, unknown>>;
  const problems: Problem[] = [];
  if (title !== undefined && (typeof title !== "string" || title.trim() === ""))
    problems.push({ field: "title", message: "Must be a text that is not blank." });
  for (const [field, value] of Object.entries({ initialContext, metadata }))
    if (value !== undefined && !isRecord(value)) problems.push({ field, message: "Must be an object." });
  return problems;
}

export function* createSession(input: NewConversationInput): Procedure<RemoteSession> {
  const { conversationId, title } = yield* call(conversations.create, input);
  return { remoteId: conversationId, name: title, secrets: {}, settings: {} };
}

export function* attachSession(remoteId: string): Procedure<RemoteSession> {
  const { title } = yield* call(conversations.get, { conversationId: remoteId });
  return { remoteId, name: title, secrets: {}, settings: {} };
}

/** A look at the store is the proof; no model is asked. */
export function* lookAt({ remoteId }: SessionContext, source: RemoteSignal["source"]): Procedure<RemoteSignal> {
  try {
    yield* call(conversations.get, { conversationId: remoteId });
    return { source, word: "active" };
  } catch (error) {
    if (!isColloquyError(error) || error.code !== "REMOTE_NOT_FOUND") throw error;
    return { source, word: "not_found" };
  }
}

export function* closeSession({ remoteId }: SessionContext): Procedure<RemoteSignal> {
  const { isRemoved } = yield* call(conversations.remove, { conversationId: remoteId });
  return { source: "reply", word: isRemoved ? "deleted" : "not_found" };
}
