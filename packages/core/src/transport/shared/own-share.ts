import { PacedRule } from "../paced-rule.js";
import type { SharedRule } from "./shared-budget.js";

/**
 * What this process may send by itself while it cannot reach the budget: the limits divided by the number of processes that
 * were last seen. Its count of what it sent is kept all the time, also to tell a budget that forgot everything.
 */
export class OwnShare {
  #rules: readonly SharedRule[] = [];
  #paced: PacedRule[] = [];
  #holderCount = 1;
  #lastAtMs = Number.NEGATIVE_INFINITY;

  get lastAtMs(): number {
    return this.#lastAtMs;
  }

  /** What was counted in the longest window, oldest first. */
  *counted(nowMs: number): Generator<number> {
    const longest = this.#rules.reduce(
      (best, { windowMs }, place) => (windowMs > (this.#rules[best] as SharedRule).windowMs ? place : best),
      0,
    );
    const sinceMs = nowMs - (this.#rules[longest]?.windowMs ?? 0);
    for (const atMs of this.#paced[longest]?.log.instants() ?? []) if (atMs > sinceMs) yield atMs;
  }

  expect(rules: readonly SharedRule[], holderCount: number): void {
    const isSame = rules.length === this.#rules.length && rules.every((rule, place) => rule === this.#rules[place]);
    if (isSame && holderCount === this.#holderCount) return;
    const before = this.#paced;
    this.#paced = rules.map(({ limit, windowMs }, place) => {
      const part = Math.floor(limit / holderCount);
      // Less than one each: one each in a longer time.
      const share =
        part >= 1 ? { limit: part, windowMs } : { limit: 1, windowMs: Math.ceil((windowMs * holderCount) / limit) };
      const known = isSame ? before[place] : before.find((rule) => rule.windowMs >= windowMs);
      const paced = new PacedRule(share.limit, share.windowMs, "described");
      for (const atMs of known?.log.instants() ?? []) paced.log.add(atMs, windowMs);
      return paced;
    });
    this.#rules = rules;
    this.#holderCount = holderCount;
  }

  count(atMs: number): void {
    this.#lastAtMs = Math.max(this.#lastAtMs, atMs);
    for (const rule of this.#paced) {
      rule.log.forgetUntil(this.#lastAtMs - rule.windowMs);
      rule.count(atMs);
    }
  }

  freeAt(nowMs: number, inFlightCount: number): number {
    return this.#paced.reduce((atMs, rule) => Math.max(atMs, rule.freeAt(nowMs, inFlightCount)), nowMs);
  }
}
