import type { Verdict } from "./limiter.js";
import type { Dialect } from "./plan.js";

export interface Telling {
  readonly headers: Readonly<Record<string, string>>;
  /** Of a refusal: what the body tells, in seconds. */
  readonly retryAfter?: number;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);
const wholeSeconds = (ms: number): string => String(Math.ceil(ms / 1_000));

/** How a server that speaks this dialect tells of its verdict. `nowMs` is a Unix instant. */
export function tell(verdict: Verdict, dialect: Dialect, nowMs: number): Telling {
  const { allowance } = verdict;
  const headers: Record<string, string> = {};
  const isWhole = dialect === "x-ratelimit-whole" || dialect === "ietf";
  if (allowance && dialect === "ietf") {
    headers["RateLimit-Policy"] = `"send";q=${allowance.limit};w=${wholeSeconds(allowance.windowMs)}`;
    headers["RateLimit"] = `"send";r=${allowance.remaining};t=${wholeSeconds(allowance.resetInMs)}`;
  } else if (allowance && dialect !== "refusals-only") {
    headers["X-RateLimit-Limit"] = String(allowance.limit);
    headers["X-RateLimit-Remaining"] = String(allowance.remaining);
    headers["X-RateLimit-Reset"] = wholeSeconds(nowMs + allowance.resetInMs);
    headers["X-RateLimit-Bucket"] = "send";
    if (!isWhole) headers["X-RateLimit-Reset-After"] = seconds(allowance.resetInMs);
  }
  if (verdict.isAccepted) return { headers };
  // Rounded up: what is told must suffice.
  const waitMs = Math.ceil(verdict.waitMs);
  headers["Retry-After"] = isWhole ? wholeSeconds(waitMs) : seconds(waitMs);
  return { headers, retryAfter: isWhole ? Math.ceil(waitMs / 1_000) : waitMs / 1_000 };
}
