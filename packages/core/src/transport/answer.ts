import type { AnyOperation, AnyProvider, Failure, RateLimitReading, WireResponse } from "../contract/index.js";
import { readFailure } from "./failures.js";
import { askedWaitMs, readingsOf } from "./readings.js";

/** An answer and all that was read from it. */
export interface Answer {
  readonly response: WireResponse;
  readonly failure: Failure | undefined;
  readonly readings: readonly RateLimitReading[];
  readonly retryAfterMs: number | undefined;
}

export function answerOf(provider: AnyProvider, operation: AnyOperation, response: WireResponse): Answer {
  const failure = readFailure(provider, operation, response);
  const readings = readingsOf(provider, operation, response);
  const retryAfterMs = askedWaitMs(readings, failure, response);
  return { response, failure, readings, retryAfterMs };
}

/** Refused for the rate, whatever status says so. */
export function isRefusal({ failure, response }: Answer): boolean {
  return failure !== undefined && (failure.code === "RATE_LIMITED" || response.status === 429);
}
