import type { RateLimitReading } from "@colloquy/core/contract";

/** The servers have no limits and tell of none. */
export function readRateLimits(): readonly RateLimitReading[] {
  return [];
}
