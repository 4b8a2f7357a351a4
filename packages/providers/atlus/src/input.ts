import { ColloquyError, type EncodeContext, type JsonValue, type Problem } from "@colloquy/core/contract";
import { isRecord } from "./json.js";

/** For operations that take nothing. */
export type NoInput = Readonly<Record<string, never>>;

/** Names the session; left out in calls on a session's handle, which knows it. */
export interface SessionTarget {
  readonly sessionId?: string;
}

export type Metadata = { readonly [key: string]: JsonValue };

function invalidInput(operation: string, problems: readonly Problem[]): ColloquyError {
  const fieldErrors: Record<string, string[]> = {};
  for (const { field, message } of problems) (fieldErrors[field] ??= []).push(message);
  return new ColloquyError({
    code: "INPUT_INVALID",
    message: `${operation}: ${problems.map(({ field, message }) => `${field}: ${message}`).join(" ")}`,
    providerId: "atlus",
    operation,
    fieldErrors,
  });
}

/** Throws for the first problems of a list, if any. */
export function refuseProblems(operation: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalidInput(operation, problems);
}

/** The session that a call is about: the handle's own, or the one that is named. A handle reaches its own session only. */
export function sessionIdOf(
  operation: string,
  { sessionId }: SessionTarget,
  { remoteId }: EncodeContext,
): string | undefined {
  const id = sessionId ?? remoteId;
  if (id === undefined) return undefined;
  // `/sessions/continue` is another route: it would answer with the default user's session.
  if (id.trim() === "" || id === "continue")
    throw invalidInput(operation, [{ field: "sessionId", message: "Is not the id of a session." }]);
  if (remoteId !== undefined && id !== remoteId)
    throw invalidInput(operation, [
      { field: "sessionId", message: "Is another session's id; use that session, or the account's operations." },
    ]);
  return id;
}

export function requiredSessionId(operation: string, target: SessionTarget, context: EncodeContext): string {
  const id = sessionIdOf(operation, target, context);
  if (id !== undefined) return id;
  throw invalidInput(operation, [
    { field: "sessionId", message: "Give the id of an ATLUS session, or call it on a session." },
  ]);
}

/**
 * The service takes this header for the name of a temporary conversation, so whoever knows it can read along. A fresh one for
 * each call keeps conversations apart.
 */
export function requestIdHeaders({ requestId }: EncodeContext): Readonly<Record<string, string>> {
  return requestId === undefined ? {} : { "X-Request-ID": requestId };
}

/** What is wrong with who is named and what is noted. The service would store a `null` user and then fail. */
export function problemsOfOwner(input: { readonly userId?: unknown; readonly metadata?: unknown }): readonly Problem[] {
  const { userId, metadata } = input;
  const problems: Problem[] = [];
  if (userId !== undefined && (typeof userId !== "string" || userId.trim() === ""))
    problems.push({ field: "userId", message: "Must be a text that is not blank." });
  if (metadata !== undefined && !isRecord(metadata))
    problems.push({ field: "metadata", message: "Must be an object." });
  return problems;
}
