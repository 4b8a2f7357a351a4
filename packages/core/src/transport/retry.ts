import type { Failure, Repeatable } from "../contract/index.js";
import type { Fault } from "./fault.js";

/** How one attempt ended. `failure` is absent for success. */
export type AttemptOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly failure?: Failure; readonly retryAfterMs?: number }
  | { readonly kind: "fault"; readonly fault: Fault };

export interface RetryContext {
  readonly repeatable: Repeatable;
  /** Attempts so far that were not refused for their rate, this one included. */
  readonly attempts: number;
  /** Refusals for the rate so far, this one included. */
  readonly refusals: number;
  readonly nowMs: number;
  /** Time spent in attempts and back-off so far. */
  readonly busyMs: number;
  readonly deadlineAtMs?: number;
  /** Uniform in [0, 1): for the jitter. */
  readonly chance: number;
  readonly maxAttempts: number;
  readonly maxRefusals: number;
  readonly totalTimeoutMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
}

/**
 * `pace` repeats when the gate grants again: the refusal's own wait is the only one.
 * `backoff` repeats after `afterMs`. There is never one wait on top of the other.
 */
export type RetryDecision =
  | { readonly repeat: false; readonly because: "final" | "unsafe" | "attempts" | "refusals" | "time" }
  | { readonly repeat: true; readonly wait: "pace" }
  | { readonly repeat: true; readonly wait: "backoff"; readonly afterMs: number };

/** Whether to send again. Pure. What may have happened is repeated only when the operation says that it may be. */
export function decideRetry(outcome: AttemptOutcome, context: RetryContext): RetryDecision {
  if (outcome.kind === "answered" && outcome.failure?.code === "RATE_LIMITED") return decideAfterRefusal(context);
  if (!mayPass(outcome)) return { repeat: false, because: "final" };
  if (!isSafe(outcome, context.repeatable)) return { repeat: false, because: "unsafe" };
  if (context.attempts >= context.maxAttempts) return { repeat: false, because: "attempts" };
  const asked = outcome.kind === "answered" ? outcome.retryAfterMs : undefined;
  const afterMs = asked ?? backoffMs(context);
  if (context.busyMs + afterMs >= context.totalTimeoutMs) return { repeat: false, because: "time" };
  if (context.deadlineAtMs !== undefined && context.nowMs + afterMs >= context.deadlineAtMs)
    return { repeat: false, because: "time" };
  return { repeat: true, wait: "backoff", afterMs };
}

/** Full jitter: anything from nothing to the doubled base, so that many callers do not come back together. */
function backoffMs(context: Pick<RetryContext, "attempts" | "chance" | "backoffBaseMs" | "backoffCapMs">): number {
  const ceiling = Math.min(context.backoffCapMs, context.backoffBaseMs * 2 ** (context.attempts - 1));
  return Math.floor(context.chance * ceiling);
}

function decideAfterRefusal(context: RetryContext): RetryDecision {
  if (context.refusals >= context.maxRefusals) return { repeat: false, because: "refusals" };
  if (context.deadlineAtMs !== undefined && context.nowMs >= context.deadlineAtMs)
    return { repeat: false, because: "time" };
  return { repeat: true, wait: "pace" };
}

/** Whether another try could end better. */
function mayPass(outcome: AttemptOutcome): boolean {
  if (outcome.kind === "fault")
    return outcome.fault === "unreachable" || outcome.fault === "lost" || outcome.fault === "timeout";
  return outcome.failure?.code === "PROVIDER_UNAVAILABLE" && outcome.status !== 501 && outcome.status !== 505;
}

/** Whether another try can do it at most once in all. */
function isSafe(outcome: AttemptOutcome, repeatable: Repeatable): boolean {
  if (repeatable !== "never") return true;
  if (outcome.kind === "fault") return outcome.fault === "unreachable";
  return outcome.failure?.outcome === "rejected" || outcome.failure?.outcome === "not_attempted";
}
