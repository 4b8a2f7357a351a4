import { fixedWindow, type LimitShape, type LimitStep, slidingWindow, spacing, tokenBucket } from "./limit-shapes.js";

/** Whose requests a limit counts. */
export type Scope = "session" | "account";

/** One limit as data, so that it can be sent to the server's process. */
export interface LimitPlan {
  readonly scope: Scope;
  readonly shape: "fixed" | "sliding" | "token" | "spacing";
  /** 1 for a spacing. */
  readonly limit: number;
  readonly windowMs: number;
  /** Only for `fixed`: changes on the way. */
  readonly steps?: readonly LimitStep[];
}

/**
 * How answers tell of the limit.
 *
 * - `x-ratelimit`: Limit, Remaining, Reset (Unix seconds, rounded up) and Reset-After (seconds with fractions); refusals
 *   with `Retry-After` in seconds with fractions.
 * - `x-ratelimit-whole`: the same without Reset-After, and `Retry-After` rounded up to seconds.
 * - `ietf`: `RateLimit` and `RateLimit-Policy`, and `Retry-After` rounded up to seconds.
 * - `refusals-only`: nothing before a refusal, which has `Retry-After` and `retry_after`, with fractions.
 */
export type Dialect = "x-ratelimit" | "x-ratelimit-whole" | "ietf" | "refusals-only";

/** Parts of all requests, each from 0 to 1. */
export interface FaultPlan {
  /** Answered 503, not accepted. */
  readonly unavailable: number;
  /** Accepted, then the connection is cut. */
  readonly lostAnswer: number;
  /** The connection is cut before anything happens. */
  readonly dropped: number;
}

/** What one run of a client against the server meets. */
export interface ServerPlan {
  readonly limits: readonly LimitPlan[];
  readonly dialect: Dialect;
  /** Each way, from least to most, uniformly. Default: none. */
  readonly wayMs?: readonly [least: number, most: number];
  readonly faults?: FaultPlan;
  readonly seed: number;
}

/** What happened in one run, on the server's clock. */
export interface ServerReport {
  /** Since the first request. */
  readonly acceptedAtMs: readonly number[];
  readonly acceptedIds: readonly string[];
  readonly refusedAtMs: readonly number[];
  /** Acceptances of a message id that had been accepted before. */
  readonly duplicateCount: number;
  readonly faultCount: number;
}

export function shapeOf(plan: LimitPlan): LimitShape {
  switch (plan.shape) {
    case "fixed":
      return fixedWindow(plan.limit, plan.windowMs, plan.steps);
    case "sliding":
      return slidingWindow(plan.limit, plan.windowMs);
    case "token":
      return tokenBucket(plan.limit, plan.windowMs);
    case "spacing":
      return spacing(plan.windowMs);
  }
}
