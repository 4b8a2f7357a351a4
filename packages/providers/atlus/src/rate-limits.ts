import {
  type AnyOperation,
  type RateLimitReading,
  readRateLimitHeaders,
  type WireResponse,
} from "@colloquy/core/contract";

/** The service itself tells nothing of limits; a gateway before it may, in the usual headers. */
export function readRateLimits(response: WireResponse, operation: AnyOperation): readonly RateLimitReading[] {
  const [bucket] = operation.buckets;
  if (bucket === undefined) return [];
  return readRateLimitHeaders(response.headers, { bucket, scope: "account", nowMs: response.receivedAtMs });
}
