import {
  call,
  isColloquyError,
  type JsonValue,
  type Problem,
  type Procedure,
  type RemoteSession,
  type RemoteSignal,
  type SessionContext,
} from "@colloquy/core/contract";
import { refuseProblems } from "./input.js";
import { documented } from "./operations/documented.js";
import { type NewSession, problemsOfNewSession, problemsOfSettings } from "./operations/new-session.js";
import type { RouteFamily } from "./operations/service.js";
import type { OrgSession } from "./operations/session.js";
import { sessions } from "./operations/sessions.js";
import { initialDataOf, wordOf } from "./outcome.js";
import { subjectIdFor } from "./subjects.js";
import { fieldsOf } from "./template/check-answer.js";

export interface OrgSessionInput extends Omit<NewSession, "sessionId"> {
  /** Default: a random one. One of yours is looked up first, as the server would take it twice. */
  readonly sessionId?: string;
  /** For people; the server does not hear of it. */
  readonly name?: string;
}

/** What creating needs besides the wire. */
export interface Creation {
  newSessionId(): string;
  routes(): Procedure<RouteFamily>;
}

export function problemsOfSession({ name, sessionId, ...input }: OrgSessionInput): readonly Problem[] {
  const problems = sessionId === undefined ? problemsOfSettings(input) : problemsOfNewSession({ ...input, sessionId });
  const isNamed = name === undefined || (typeof name === "string" && name.trim() !== "");
  return [...problems, ...(isNamed ? [] : [{ field: "name", message: "May not be blank." }])];
}

export function* createSession(input: OrgSessionInput, creation: Creation): Procedure<RemoteSession> {
  const { name, ...given } = input;
  const sessionId = given.sessionId ?? creation.newSessionId();
  const family = yield* creation.routes();
  if (given.sessionId !== undefined && (yield* found(sessionId)) !== undefined)
    refuseProblems("sessions.create", [{ field: "sessionId", message: "Is taken by another session." }]);
  const made = { ...given, sessionId };
  try {
    yield* family === "documented" ? call(documented.create, made) : call(sessions.create, made);
  } catch (error) {
    // The answer was lost. The id is nobody else's, so finding it says that it was made.
    if (!isColloquyError(error) || error.outcome !== "unknown" || (yield* found(sessionId)) === undefined) throw error;
  }
  const { subjectId = subjectIdFor(sessionId), messageData = {}, messageDataTemplate, receptionChannelId } = made;
  return {
    remoteId: sessionId,
    ...(name === undefined ? {} : { name }),
    secrets: {},
    settings: {
      subjectId,
      messageData,
      answerFields: fieldsOf(messageDataTemplate),
      ...(receptionChannelId === undefined ? {} : { receptionChannelId }),
    },
  };
}

export function* attachSession(remoteId: string): Procedure<RemoteSession> {
  const session = yield* call(sessions.get, { sessionId: remoteId });
  const { sessionId, status, subjectId, messageData, messageDataTemplate, receptionChannelId } = session;
  return {
    remoteId: sessionId,
    secrets: {},
    settings: {
      ...(subjectId === undefined ? {} : { subjectId }),
      // Once it was answered, what it began with cannot be told any more.
      ...(status === "pending" ? { messageData: messageData as JsonValue } : {}),
      answerFields: fieldsOf(messageDataTemplate),
      ...(receptionChannelId === undefined ? {} : { receptionChannelId }),
    },
  };
}

/** How the session stands, by its own word. */
export function* lookAt(context: SessionContext, source: RemoteSignal["source"]): Procedure<RemoteSignal> {
  const session = yield* found(context.remoteId);
  return { source, word: session === undefined ? "not_found" : wordOf(session, initialDataOf(context)) };
}

/** Calls it off and deletes it. One that was answered meanwhile stays, and its end is told instead. */
export function* closeSession(context: SessionContext): Procedure<RemoteSignal> {
  const { word } = yield* lookAt(context, "reply");
  if (word !== "pending") return { source: "reply", word };
  try {
    yield* call(sessions.remove, { sessionId: context.remoteId });
    return { source: "reply", word: "deleted" };
  } catch (error) {
    if (!isGone(error)) throw error;
    return { source: "reply", word: "not_found" };
  }
}

function* found(sessionId: string): Procedure<OrgSession | undefined> {
  try {
    return yield* call(sessions.get, { sessionId });
  } catch (error) {
    if (!isGone(error)) throw error;
    return undefined;
  }
}

export function isGone(error: unknown): boolean {
  return isColloquyError(error) && error.code === "REMOTE_NOT_FOUND";
}
