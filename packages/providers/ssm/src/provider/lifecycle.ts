import {
  ColloquyError,
  call,
  isColloquyError,
  type JsonValue,
  type Problem,
  type Procedure,
  type RemoteSession,
  type RemoteSignal,
  type SessionContext,
} from "@colloquy/core/contract";
import { problemsOfConfig } from "../sessions/validate.js";
import { operations, type StartInput } from "./operations.js";

interface Named {
  /** For people; the service does not hear of it. */
  readonly name?: string;
}

/** A session that was started elsewhere, as StartSession answers it. */
export interface StartedElsewhere extends Named {
  readonly sessionId: string;
  /** `ws://` or `wss://`, used unchanged. */
  readonly streamUrl: string;
  readonly tokenValue: string;
  /** The machine's id. Needed for encrypted sessions. */
  readonly target?: string;
}

/** Either what to start, which needs `credentials`, or what was started already. */
export type SsmSessionInput = (StartInput & Named) | StartedElsewhere;

/** Where the parts of a session's secrets are kept that are not its key. */
export const secretNames = { streamUrl: "stream_url", stream: "stream" } as const;

const isStarted = (input: SsmSessionInput): input is StartedElsewhere =>
  "sessionId" in input || "streamUrl" in input || "tokenValue" in input;

export function problemsOfSession(input: SsmSessionInput): readonly Problem[] {
  const { name, target } = input;
  const problems: Problem[] = isStarted(input) ? [...problemsOfConfig({ ...input })] : [];
  const needsTarget = !isStarted(input);
  if (needsTarget ? !isText(target) : target !== undefined && !isText(target))
    problems.push({ field: "target", message: "must be a machine's id." });
  if (name !== undefined && !isText(name)) problems.push({ field: "name", message: "must be a text, not empty." });
  return problems;
}

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

export function* createSession(input: SsmSessionInput): Procedure<RemoteSession> {
  const { name, target } = input;
  const { sessionId, streamUrl, tokenValue } = isStarted(input)
    ? input
    : yield* call(operations.sessions.start, startInputOf(input));
  const settings: Record<string, JsonValue> = target === undefined ? {} : { target };
  return { ...remote(sessionId, streamUrl, tokenValue, settings), ...(name === undefined ? {} : { name }) };
}

function startInputOf({ target, documentName, parameters, reason }: StartInput): StartInput {
  return {
    target,
    ...(documentName === undefined ? {} : { documentName }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Brings a fresh token. Only a session that nobody has connected to can be worked with: the numbers of its frames begin at 0. */
export function* attachSession(remoteId: string): Procedure<RemoteSession> {
  const { tokenValue, streamUrl } = yield* call(operations.sessions.resume, { sessionId: remoteId });
  if (tokenValue === undefined || streamUrl === undefined)
    throw new ColloquyError({ code: "REMOTE_NOT_FOUND", message: "The session is over.", outcome: "rejected" });
  return remote(remoteId, streamUrl, tokenValue, {});
}

/** The URL may carry a signature, so it is kept like a key. */
function remote(
  remoteId: string,
  streamUrl: string,
  tokenValue: string,
  settings: Readonly<Record<string, JsonValue>>,
): RemoteSession {
  return { remoteId, secrets: { session_key: tokenValue, [secretNames.streamUrl]: streamUrl }, settings };
}

/** The connection tells how the session stands; nothing else could be asked without ending the token in use. */
export function* leaveToConnection(source: RemoteSignal["source"]): Procedure<RemoteSignal> {
  yield* [];
  return { source, word: "Created" };
}

/** One that is already gone is as good. */
export function* closeSession({ remoteId }: SessionContext): Procedure<RemoteSignal> {
  try {
    yield* call(operations.sessions.terminate, { sessionId: remoteId });
  } catch (error) {
    if (!isColloquyError(error) || error.code !== "REMOTE_NOT_FOUND") throw error;
  }
  return { source: "reply", word: "Terminated" };
}
