import { ColloquyError, type EncodeContext, type Problem } from "@colloquy/core/contract";
import { problemOfSessionId } from "./subjects.js";

/** For operations that take nothing. */
export type NoInput = Readonly<Record<string, never>>;

/** Names the session; left out in calls on a session's handle, which knows it. */
export interface SessionTarget {
  readonly sessionId?: string;
}

/** Throws `INPUT_INVALID` for the problems of a list, if any. */
export function refuseProblems(operation: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const fieldErrors: Record<string, string[]> = {};
  for (const { field, message } of problems) (fieldErrors[field] ??= []).push(message);
  throw new ColloquyError({
    code: "INPUT_INVALID",
    message: `${operation}: ${problems.map(({ field, message }) => `${field}: ${message}`).join(" ")}`,
    providerId: "org-nats",
    operation,
    fieldErrors,
  });
}

/** The session that a call is about: the handle's own, or the one that is named. A handle reaches its own session only. */
export function sessionIdOf(operation: string, { sessionId }: SessionTarget, { remoteId }: EncodeContext): string {
  const id = sessionId ?? remoteId;
  const problem =
    id === undefined ? "Give the id of a session, or call it on a session." : (problemOfSessionId(id) ?? undefined);
  if (problem !== undefined) refuseProblems(operation, [{ field: "sessionId", message: problem }]);
  if (remoteId !== undefined && id !== remoteId)
    refuseProblems(operation, [
      { field: "sessionId", message: "Is another session's id; use that session, or the account's operations." },
    ]);
  return id ?? "";
}

/** One problem when the text is blank. */
export function problemsOfText(field: string, text: unknown): readonly Problem[] {
  return typeof text === "string" && text.trim() !== ""
    ? []
    : [{ field, message: "Must be a text that is not blank." }];
}
