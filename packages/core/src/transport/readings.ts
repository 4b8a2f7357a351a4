import type { AnyOperation, AnyProvider, Failure, RateLimitReading, WireResponse } from "../contract/index.js";
import { retryAfterOf } from "./retry-after.js";

/** What one answer told of limits. A reader that trips over a hostile answer tells nothing. */
export function readingsOf(
  provider: AnyProvider,
  operation: AnyOperation,
  response: WireResponse,
): readonly RateLimitReading[] {
  try {
    return provider.readRateLimits(response, operation);
  } catch {
    return [];
  }
}

/** How long a refusal or an outage asks to wait: the longest of what the reader, the failure and the header say. */
export function askedWaitMs(
  readings: readonly RateLimitReading[],
  failure: Failure | undefined,
  response: WireResponse,
): number | undefined {
  if (!failure) return undefined;
  const asked = [
    failure.retryAfterMs,
    retryAfterOf(response),
    ...readings.map(({ retryAfterMs }) => retryAfterMs),
  ].filter((ms): ms is number => ms !== undefined && Number.isFinite(ms));
  return asked.length === 0 ? undefined : Math.max(...asked);
}
