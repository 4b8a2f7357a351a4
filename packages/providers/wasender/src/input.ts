import { ColloquyError, type EncodeContext, type Problem } from "@colloquy/core/contract";

/** For operations that take nothing. */
export type NoInput = Readonly<Record<string, never>>;

/** Names the session; left out in calls on a session's handle, which knows it. */
export interface SessionTarget {
  readonly id?: string | number;
}

export function invalidInput(operation: string, problems: readonly Problem[]): ColloquyError {
  const fieldErrors: Record<string, string[]> = {};
  for (const { field, message } of problems) (fieldErrors[field] ??= []).push(message);
  return new ColloquyError({
    code: "INPUT_INVALID",
    message: `${operation}: ${problems.map(({ field, message }) => `${field}: ${message}`).join(" ")}`,
    providerId: "wasender",
    operation,
    fieldErrors,
  });
}

/**
 * The id for the path. A session's handle reaches that session only: its record learns from the answers, so the settings
 * and keys of another one would end up in it.
 */
export function sessionParams(
  operation: string,
  input: SessionTarget,
  context: EncodeContext,
): { readonly id: string } {
  const { remoteId } = context;
  const id = input.id === undefined ? remoteId : String(input.id);
  if (id === undefined || id.trim() === "")
    throw invalidInput(operation, [
      { field: "id", message: "Give the id of a Wasender session, or call it on a session." },
    ]);
  if (remoteId !== undefined && id !== remoteId)
    throw invalidInput(operation, [
      { field: "id", message: "This is another session's id; use that session, or the account's operations." },
    ]);
  return { id };
}

/** A path parameter or field that may not be empty. */
export function requiredText(operation: string, field: string, value: string | number): string {
  const text = String(value).trim();
  if (text === "") throw invalidInput(operation, [{ field, message: "May not be empty." }]);
  return text;
}

/** Throws for the first problems of a list, if any. */
export function refuseProblems(operation: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalidInput(operation, problems);
}
