import type { RateLimitReading, WireResponse } from "@colloquy/core/contract";
import { chatBucket } from "./chat-operation.js";

/**
 * How many requests a minute, as the header says. What is left is not read: these services fill their allowance evenly, and a
 * reading of none left would be taken for none until the minute ends.
 */
export function requestsPerMinute(response: WireResponse, header: string): readonly RateLimitReading[] {
  const limit = Number(response.headers[header]);
  if (!Number.isInteger(limit) || limit <= 0) return [];
  return [{ bucket: chatBucket, scope: "session", limit, windowMs: 60_000, observedAtMs: response.receivedAtMs }];
}
