import type { LimitReadings } from "../limits.js";

/** The limits as headers: numbers, and durations such as `20ms`, `1.5s` and `6m0s`. */
export function limitHeaders({ requests, tokens }: LimitReadings): Record<string, string> {
  return {
    "x-ratelimit-limit-requests": String(requests.limit),
    "x-ratelimit-limit-tokens": String(tokens.limit),
    "x-ratelimit-remaining-requests": String(requests.remaining),
    "x-ratelimit-remaining-tokens": String(tokens.remaining),
    "x-ratelimit-reset-requests": duration(requests.fullInMs),
    "x-ratelimit-reset-tokens": duration(tokens.fullInMs),
  };
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = (ms - minutes * 60_000) / 1_000;
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
