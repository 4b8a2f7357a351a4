import { PacedRule } from "./paced-rule.js";

/** A refusal that told no figures. */
export interface Refusal {
  /** When the provider judged it. */
  readonly countedAtMs: number;
  readonly nowMs: number;
  /** When it asked to come back, if it did. */
  readonly freeAtMs: number | undefined;
}

/** How many were taken since an instant from which the allowance was fresh. */
export class Tally {
  #sinceMs: number;
  #taken = 1;

  constructor(firstAtMs: number) {
    this.#sinceMs = firstAtMs;
  }

  get sinceMs(): number {
    return this.#sinceMs;
  }

  get taken(): number {
    return this.#taken;
  }

  add(atMs: number): void {
    if (this.#taken === 0) this.#sinceMs = Math.max(this.#sinceMs, atMs);
    this.#taken++;
  }

  restart(atMs: number): void {
    this.#sinceMs = atMs;
    this.#taken = 0;
  }
}

/**
 * The limit that one refusal suggests: as many as were taken since the allowance was fresh, in the time until it is again.
 * Right at once for a spacing, a fixed and a sliding window; a token bucket shows its refill at the next refusal.
 */
export function inferRule(known: PacedRule | undefined, tally: Tally, { freeAtMs }: Refusal): PacedRule | undefined {
  if (freeAtMs === undefined || tally.taken === 0) return known;
  const windowMs = freeAtMs - tally.sinceMs;
  if (windowMs <= 0) return known;
  return new PacedRule(tally.taken, windowMs, "inferred");
}

/** Longer windows are not learned by trial: looking whether one rose again would take hours. ASSUMED. */
const longestLearnedMs = 60_000;

/** A refusal that known rules did not foresee: the limit fell, or somebody else spends of it. */
export function lowerRules(rules: readonly PacedRule[], refusal: Refusal): void {
  const waitMs = (refusal.freeAtMs ?? refusal.countedAtMs) - refusal.countedAtMs;
  const byWindow = rules.toSorted((a, b) => a.windowMs - b.windowMs);
  const rule = byWindow.find(({ windowMs }) => windowMs >= waitMs) ?? byWindow.at(-1);
  if (!rule) return;
  // It said when to come back, and that was noted: a day's window that began before us is over before our count of it is.
  if (refusal.freeAtMs !== undefined && rule.windowMs > longestLearnedMs) return;
  // What frees then was taken a window before.
  const windowBeganMs = Math.min(refusal.countedAtMs, refusal.freeAtMs ?? refusal.nowMs) - rule.windowMs;
  const sinceMs =
    refusal.freeAtMs === undefined ? windowBeganMs : Math.max(windowBeganMs, refusal.freeAtMs - rule.windowMs - 2);
  const taken = rule.log.countAfter(sinceMs);
  if (taken > 0 && taken <= rule.limit) rule.lower(taken, refusal.nowMs);
}
