import type { RateLimitReading } from "../contract/index.js";
import { PacedRule } from "./paced-rule.js";

export interface Telling {
  /** Order of leaving of the request whose answer told it. */
  readonly order: number;
  readonly atMs: number;
  readonly countedAtMs: number;
  readonly roundTripMs: number;
  /** Requests that left later and are not answered: the provider may not have counted them yet. */
  readonly inFlightAfter: number;
  /** Our own requests in the window, this one included; undefined while no window is known. */
  readonly ownCount: number | undefined;
  readonly isRefused: boolean;
}

/** Whole seconds are often all that a reset tells. */
const coarseMs = 1_000;

/** What answers tell of one allowance: how much is left until when. */
export class ToldWindow {
  limit: number | undefined;
  #left = Number.POSITIVE_INFINITY;
  #resetAtMs = Number.NEGATIVE_INFINITY;
  #order = 0;
  #longestMs = 0;
  /** Others spend of it too: then our own count says too little. */
  #strangers = 0;
  #isKnownWindow = false;
  #hasRule = false;

  update(reading: RateLimitReading, telling: Telling): void {
    if (reading.limit !== undefined) this.limit = reading.limit;
    const resetAtMs = reading.resetAtMs;
    if (resetAtMs !== undefined && resetAtMs > telling.countedAtMs)
      this.#longestMs = Math.max(this.#longestMs, resetAtMs - telling.countedAtMs);
    if (reading.remaining === undefined || telling.order < this.#order) return;
    this.#order = telling.order;
    this.#left = reading.remaining - telling.inFlightAfter;
    if (resetAtMs !== undefined) this.#resetAtMs = resetAtMs;
    if (telling.ownCount !== undefined && this.limit !== undefined)
      this.#strangers = Math.max(0, this.limit - reading.remaining - telling.ownCount);
  }

  freeAt(nowMs: number, inFlightCount: number): number {
    if (this.#hasRule && this.#strangers === 0) return nowMs;
    if (nowMs < this.#resetAtMs) return this.#left > 0 ? nowMs : this.#resetAtMs;
    // A new window, of which nothing is told yet: one goes ahead and brings the figures.
    return !this.#hasRule && inFlightCount > 0 && this.#left <= 0 ? Number.POSITIVE_INFINITY : nowMs;
  }

  spend(): void {
    this.#left--;
  }

  giveBack(): void {
    this.#left++;
  }

  remaining(nowMs: number): number | undefined {
    return nowMs < this.#resetAtMs && Number.isFinite(this.#left) ? Math.max(0, this.#left) : undefined;
  }

  /** Whether the figures speak of the allowance that this rule describes. */
  isSameAllowance(rule: PacedRule): boolean {
    if (this.#isKnownWindow) return true;
    if (this.limit === rule.limit && this.#longestMs <= rule.windowMs + coarseMs) {
      this.#isKnownWindow = true;
      this.#hasRule = true;
    }
    return this.#isKnownWindow;
  }

  isComplete(): boolean {
    return this.limit !== undefined && this.#longestMs > 0;
  }

  toRule(countedAtMs: number): PacedRule {
    const rule = new PacedRule(this.limit as number, this.#longestMs);
    rule.count(countedAtMs);
    return rule;
  }
}
