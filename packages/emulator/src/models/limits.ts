import type { ModelApi } from "./conversation.js";
import { dialsAt, type ModelsState } from "./state.js";

const minuteMs = 60_000;

/** How full the buckets of an endpoint are. They fill evenly, from empty to full in a minute. */
export interface LimitLevels {
  requests: number;
  tokens: number;
  atMs: number;
}

/** One limit after a request. */
export interface LimitReading {
  readonly limit: number;
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly fullInMs: number;
}

export interface LimitReadings {
  readonly requests: LimitReading;
  readonly tokens: LimitReading;
  /** What was short, when the request was over a limit, and in how long there is enough. */
  readonly short?: { readonly what: "requests" | "tokens"; readonly inMs: number };
}

/** Takes one request and so many tokens, or nothing when either is short. More tokens than the limit need a full bucket. */
export function takeTurn(state: ModelsState, api: ModelApi, tokenCount: number): LimitReadings {
  const { requestsPerMinute, tokensPerMinute } = dialsAt(state, api);
  const nowMs = state.clock.now();
  const known = state.levels.get(api) ?? { requests: requestsPerMinute, tokens: tokensPerMinute, atMs: nowMs };
  const share = (nowMs - known.atMs) / minuteMs;
  const levels = {
    requests: Math.min(requestsPerMinute, known.requests + share * requestsPerMinute),
    tokens: Math.min(tokensPerMinute, known.tokens + share * tokensPerMinute),
    atMs: nowMs,
  };
  const wanted = { requests: 1, tokens: Math.min(tokenCount, tokensPerMinute) };
  const limits = { requests: requestsPerMinute, tokens: tokensPerMinute };
  // A level is a sum of fractions.
  const what = (["requests", "tokens"] as const).find((name) => levels[name] + 1e-9 < wanted[name]);
  if (what === undefined) {
    levels.requests = Math.max(0, levels.requests - 1);
    levels.tokens = Math.max(0, levels.tokens - wanted.tokens);
  }
  state.levels.set(api, levels);
  const readingOf = (name: "requests" | "tokens"): LimitReading => ({
    limit: limits[name],
    remaining: Math.floor(levels[name] + 1e-9),
    fullInMs: Math.ceil(((limits[name] - levels[name]) / limits[name]) * minuteMs),
  });
  const readings = { requests: readingOf("requests"), tokens: readingOf("tokens") };
  if (what === undefined) return readings;
  return { ...readings, short: { what, inMs: Math.ceil(((wanted[what] - levels[what]) / limits[what]) * minuteMs) } };
}
