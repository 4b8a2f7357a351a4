import type { Call, Procedure } from "../contract/index.js";

/** What the script says to one call of a procedure: the decoded answer, or the error it meets. */
export type ScriptedAnswer =
  | { readonly operation: string; readonly output: unknown }
  | { readonly operation: string; readonly error: unknown };

export interface ProcedureRun<Result> {
  readonly result: Result;
  /** The calls in the order in which they were asked for. */
  readonly calls: readonly { readonly operation: string; readonly input: unknown }[];
}

/**
 * Drives a procedure to its end with scripted answers: no network, no clock, no promise.
 *
 * The script must fit exactly. Throws a `TypeError` when the procedure asks for another operation than the next one of the
 * script, for more than there are, or leaves some over. What the procedure itself throws comes out as it is.
 *
 * ```ts ignore=fragment
 * const { result } = runProcedure(provider.probe(context), [{ operation: "sessions.get", output: { status: "online" } }]);
 * ```
 */
export function runProcedure<Result>(
  procedure: Procedure<Result>,
  script: readonly ScriptedAnswer[],
): ProcedureRun<Result> {
  const calls: { operation: string; input: unknown }[] = [];
  let step = procedure.next();
  while (!step.done) {
    const asked: Call = step.value;
    const answer = script[calls.length];
    if (answer?.operation !== asked.operation.name)
      throw new TypeError(
        `Call ${calls.length + 1} is ${asked.operation.name}; the script has ${answer?.operation ?? "nothing more"}.`,
      );
    calls.push({ operation: asked.operation.name, input: asked.input });
    step = "error" in answer ? procedure.throw(answer.error) : procedure.next(answer.output);
  }
  if (calls.length < script.length)
    throw new TypeError(`The procedure ended after ${calls.length} calls; the script has ${script.length} answers.`);
  return { result: step.value, calls };
}
