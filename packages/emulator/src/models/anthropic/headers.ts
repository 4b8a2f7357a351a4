import type { LimitReading, LimitReadings } from "../limits.js";

/** The limits as headers: numbers, tokens to the nearest thousand, and the instant at which each is full again. */
export function limitHeaders({ requests, tokens }: LimitReadings, nowMs: number): Record<string, string> {
  const rounded = { ...tokens, remaining: Math.round(tokens.remaining / 1_000) * 1_000 };
  return Object.fromEntries([
    ...headersOf("requests", requests, nowMs),
    ...["tokens", "input-tokens", "output-tokens"].flatMap((name) => headersOf(name, rounded, nowMs)),
  ]);
}

function headersOf(name: string, { limit, remaining, fullInMs }: LimitReading, nowMs: number): [string, string][] {
  const reset = `${new Date(Math.ceil((nowMs + fullInMs) / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
  const values = { limit: String(limit), remaining: String(remaining), reset };
  return Object.entries(values).map(([what, value]) => [`anthropic-ratelimit-${name}-${what}`, value]);
}
