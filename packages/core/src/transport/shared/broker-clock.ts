/** Two clocks may run apart by so much in each millisecond. ASSUMED: ten times what machines with NTP do. */
const driftPerMs = 1e-4;

/**
 * The budget's clock as seen from here. An answer's instant lies between asking and hearing, which bounds the difference of
 * the clocks from both sides; the tightest bounds of all answers hold, a little looser with time. So it does not matter how far
 * the clocks of several processes are apart.
 */
export class BrokerClock {
  #low: { readonly ms: number; readonly atMs: number } | undefined;
  #high: { readonly ms: number; readonly atMs: number } | undefined;

  get isSet(): boolean {
    return this.#low !== undefined;
  }

  /** For a budget that began anew, perhaps on another machine. */
  reset(): void {
    this.#low = undefined;
    this.#high = undefined;
  }

  observe(askedAtMs: number, heardAtMs: number, theirNowMs: number): void {
    // Both clocks tell whole milliseconds, and each may be up to one later than it reads.
    const low = { ms: theirNowMs - heardAtMs - 1, atMs: heardAtMs };
    const high = { ms: theirNowMs + 1 - askedAtMs, atMs: heardAtMs };
    if (low.ms > this.#highAt(heardAtMs) || high.ms < this.#lowAt(heardAtMs)) this.reset();
    if (low.ms >= this.#lowAt(heardAtMs)) this.#low = low;
    if (high.ms <= this.#highAt(heardAtMs)) this.#high = high;
  }

  /** The latest that an instant of ours can be on the budget's clock. */
  theirs(atMs: number, nowMs: number): number {
    return Math.ceil(atMs + this.#highAt(nowMs));
  }

  /** The latest that an instant of the budget's clock can be on ours. */
  ours(atMs: number, nowMs: number): number {
    return Math.ceil(atMs - this.#lowAt(nowMs));
  }

  #lowAt(nowMs: number): number {
    return this.#low ? this.#low.ms - Math.max(0, nowMs - this.#low.atMs) * driftPerMs : Number.NEGATIVE_INFINITY;
  }

  #highAt(nowMs: number): number {
    return this.#high ? this.#high.ms + Math.max(0, nowMs - this.#high.atMs) * driftPerMs : Number.POSITIVE_INFINITY;
  }
}
