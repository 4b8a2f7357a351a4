/** What a simulated provider knows of its own allowance right after it judged a request. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Until something comes back: the window's end, the oldest request's leaving, or the next token. */
  readonly resetInMs: number;
}

export interface Verdict {
  readonly isAccepted: boolean;
  readonly allowance: Allowance;
  /** For a refusal: how long until the same request would pass. */
  readonly retryAfterMs: number;
}

/** Judges requests by the instant at which it sees them, exactly. */
export interface LimitShape {
  judge(atMs: number): Verdict;
}

/** A limit that may change while it runs: gives what holds at an instant. */
export type LimitAt = number | ((atMs: number) => number);

const at = (limit: LimitAt, atMs: number): number => (typeof limit === "number" ? limit : limit(atMs));

/** Windows that begin with the first request after the last one ended, or at multiples of the window (`isAligned`). */
export function fixedWindow(limit: LimitAt, windowMs: number, isAligned = false): LimitShape {
  let beganAtMs = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    judge(atMs) {
      if (atMs >= beganAtMs + windowMs) {
        beganAtMs = isAligned ? Math.floor(atMs / windowMs) * windowMs : atMs;
        used = 0;
      }
      const now = at(limit, atMs);
      const resetInMs = beganAtMs + windowMs - atMs;
      const isAccepted = used < now;
      if (isAccepted) used++;
      return {
        isAccepted,
        allowance: { limit: now, remaining: Math.max(0, now - used), resetInMs },
        retryAfterMs: resetInMs,
      };
    },
  };
}

export function slidingWindow(limit: LimitAt, windowMs: number): LimitShape {
  let seen: number[] = [];
  return {
    judge(atMs) {
      seen = seen.filter((one) => one > atMs - windowMs);
      const now = at(limit, atMs);
      const isAccepted = seen.length < now;
      if (isAccepted) seen.push(atMs);
      const oldest = seen[Math.max(0, seen.length - now)] ?? atMs;
      const resetInMs = oldest + windowMs - atMs;
      return {
        isAccepted,
        allowance: { limit: now, remaining: Math.max(0, now - seen.length), resetInMs },
        retryAfterMs: resetInMs,
      };
    },
  };
}

/** `reset: "full"` tells when the bucket is full again, `"next"` when the next token comes. */
export function tokenBucket(burst: number, refillPerSecond: number, reset: "full" | "next" = "full"): LimitShape {
  let tokens = burst;
  let lastMs: number | undefined;
  const perMs = refillPerSecond / 1_000;
  return {
    judge(atMs) {
      tokens = Math.min(burst, tokens + (atMs - (lastMs ?? atMs)) * perMs);
      lastMs = atMs;
      const isAccepted = tokens >= 1;
      if (isAccepted) tokens -= 1;
      const nextMs = (Math.floor(tokens) + 1 - tokens) / perMs;
      return {
        isAccepted,
        allowance: {
          limit: burst,
          remaining: Math.floor(tokens),
          resetInMs: reset === "full" ? (burst - tokens) / perMs : nextMs,
        },
        retryAfterMs: Math.max(0, (1 - tokens) / perMs),
      };
    },
  };
}

/** One request, then none until `ms` have passed. */
export function spacing(ms: number): LimitShape {
  return fixedWindow(1, ms);
}

/** Every shape must agree; the one with the least left is told. */
export function together(...shapes: readonly LimitShape[]): LimitShape {
  return {
    judge(atMs) {
      const verdicts = shapes.map((shape) => shape.judge(atMs));
      const tightest = verdicts.reduce((a, b) => (b.allowance.remaining < a.allowance.remaining ? b : a));
      return {
        isAccepted: verdicts.every(({ isAccepted }) => isAccepted),
        allowance: tightest.allowance,
        retryAfterMs: Math.max(...verdicts.map(({ isAccepted, retryAfterMs }) => (isAccepted ? 0 : retryAfterMs))),
      };
    },
  };
}
