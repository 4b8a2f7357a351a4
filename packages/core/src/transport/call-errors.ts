import { abortReason } from "../clock.js";
import { type ColloquyError, type Failure, isColloquyError } from "../contract/index.js";
import type { Answer } from "./answer.js";
import type { ExchangeRequest } from "./exchange.js";
import { errorOfDecode, errorOfFailure, errorOfFault, type FailureContext, placed } from "./failures.js";
import type { Fault } from "./fault.js";

/** An attempt that ended without an answer. */
export interface MetFault {
  readonly fault: Fault;
  readonly error: unknown;
}

/** What a call met, as far as it got. */
export interface Findings {
  readonly attempts: number;
  readonly fault: MetFault | undefined;
  readonly answer: Answer | undefined;
  /** What the reader of a streamed answer threw. */
  readonly misread: unknown;
}

export function errorOfAnswer(
  { response, readings, retryAfterMs }: Answer,
  failure: Failure,
  context: FailureContext,
): ColloquyError {
  return errorOfFailure(failure, response, context, {
    rateLimits: readings,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** What the last attempt met, as an error; undefined when it met nothing. */
export function errorMet(
  { fault, answer }: Pick<Findings, "fault" | "answer">,
  context: FailureContext,
): ColloquyError | undefined {
  if (fault) return errorOfFault(fault.fault, fault.error, context);
  return answer?.failure ? errorOfAnswer(answer, answer.failure, context) : undefined;
}

/** What a call that was ended by `error` tells its caller. */
export function errorOfCall(
  error: unknown,
  met: Findings,
  signal: ExchangeRequest<never, unknown>["signal"],
  context: FailureContext,
): unknown {
  const { fault, answer } = met;
  if (fault && error === fault.error) {
    const mayRepeat = context.operation.repeatable !== "never";
    if (fault.fault === "cancelled" && mayRepeat && signal) return abortReason(signal);
    return errorOfFault(fault.fault, error, context);
  }
  if (answer && met.misread !== undefined && error === met.misread)
    return errorOfDecode(error, answer.response, context);
  // The wait for another attempt ended at the deadline: what the last attempt met says more.
  const isDeadline = isColloquyError(error) && error.code === "DEADLINE_EXCEEDED" && met.attempts > 0;
  return (isDeadline ? errorMet(met, context) : undefined) ?? placed(error, context);
}
