import type { Clock } from "../clock.js";

/** How many requests in how many milliseconds. */
export interface ReferenceLimit {
  readonly limit: number;
  readonly windowMs: number;
}

export interface LimitVerdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Present when the request is refused. */
  readonly retryAfterMs?: number;
}

/** Counts requests in fixed windows, each beginning with its first request. A refused request counts for nothing. */
export class ReferenceLimits {
  readonly #clock: Clock;
  readonly #windows = new Map<string, { endsAtMs: number; used: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(bucket: string, owner: string, { limit, windowMs }: ReferenceLimit): LimitVerdict {
    const nowMs = this.#clock.now();
    const key = `${bucket} ${owner}`;
    let window = this.#windows.get(key);
    if (!window || window.endsAtMs <= nowMs) {
      window = { endsAtMs: nowMs + windowMs, used: 0 };
      this.#windows.set(key, window);
    }
    const isRefused = window.used >= limit;
    if (!isRefused) window.used += 1;
    const headers = {
      "ratelimit-bucket": bucket,
      "ratelimit-limit": String(limit),
      "ratelimit-remaining": String(limit - window.used),
      "ratelimit-reset-after-ms": String(Math.ceil(window.endsAtMs - nowMs)),
    };
    return isRefused ? { headers, retryAfterMs: window.endsAtMs - nowMs } : { headers };
  }
}
