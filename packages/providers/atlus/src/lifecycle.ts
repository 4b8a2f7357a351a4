import {
  call,
  isColloquyError,
  type Problem,
  type Procedure,
  type RemoteSession,
  type RemoteSignal,
  type SessionContext,
} from "@colloquy/core/contract";
import { problemsOfOwner } from "./input.js";
import type { AtlusSession } from "./operations/session.js";
import { type NewSession, sessions } from "./operations/sessions.js";

export interface AtlusSessionInput extends NewSession {
  /** For people; the service does not hear of it. */
  readonly name?: string;
}

export function problemsOfSession(input: AtlusSessionInput): readonly Problem[] {
  const name: unknown = input.name;
  const isNamed = name === undefined || (typeof name === "string" && name.trim() !== "");
  return [...problemsOfOwner(input), ...(isNamed ? [] : [{ field: "name", message: "May not be blank." }])];
}

export function* createSession({ name, ...input }: AtlusSessionInput): Procedure<RemoteSession> {
  const remote = remoteSession(yield* call(sessions.create, input));
  return name === undefined ? remote : { ...remote, name };
}

export function* attachSession(remoteId: string): Procedure<RemoteSession> {
  return remoteSession(yield* call(sessions.get, { sessionId: remoteId }));
}

function remoteSession({ sessionId, userId }: AtlusSession): RemoteSession {
  return { remoteId: sessionId, secrets: {}, settings: userId === undefined ? {} : { userId } };
}

/**
 * A look at the session proves that it is there. It also mends what a restart of the service breaks: chats are refused until
 * a session has been looked up.
 */
export function* lookAt({ remoteId }: SessionContext, source: RemoteSignal["source"]): Procedure<RemoteSignal> {
  try {
    const { isActive } = yield* call(sessions.get, { sessionId: remoteId });
    return { source, word: isActive === false ? "inactive" : "active" };
  } catch (error) {
    if (!isGone(error)) throw error;
    return { source, word: "not_found" };
  }
}

/** Deletes it, with its memory. One that is already gone is as good. */
export function* closeSession({ remoteId }: SessionContext): Procedure<RemoteSignal> {
  try {
    yield* call(sessions.remove, { sessionId: remoteId });
    return { source: "reply", word: "deleted" };
  } catch (error) {
    if (!isGone(error)) throw error;
    return { source: "reply", word: "not_found" };
  }
}

function isGone(error: unknown): boolean {
  return isColloquyError(error) && error.code === "REMOTE_NOT_FOUND";
}
