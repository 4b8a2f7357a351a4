import type { RateLimitReading } from "../../contract/index.js";
import type { SharedRule } from "./shared-budget.js";

/** So many windows must have begun before the longest time to a reset is taken for their length. ASSUMED. */
const beginningsToTrust = 3;

/** Finds the rule behind a limit that nobody described, from what answers tell of it. */
export class ToldRule {
  #longestMs = 0;
  #lastResetAtMs = Number.NEGATIVE_INFINITY;
  #beginnings = 0;

  /** The rule, as soon as it is plain. */
  observe({ limit, windowMs, resetAtMs }: RateLimitReading, countedAtMs: number): SharedRule | undefined {
    if (limit === undefined || limit < 1) return undefined;
    if (windowMs !== undefined) return { limit, windowMs };
    if (resetAtMs === undefined || resetAtMs <= countedAtMs) return undefined;
    if (resetAtMs > this.#lastResetAtMs + this.#longestMs / 2) {
      this.#beginnings++;
      this.#lastResetAtMs = resetAtMs;
    }
    this.#longestMs = Math.max(this.#longestMs, Math.ceil(resetAtMs - countedAtMs));
    return this.#beginnings > beginningsToTrust ? { limit, windowMs: this.#longestMs } : undefined;
  }
}
