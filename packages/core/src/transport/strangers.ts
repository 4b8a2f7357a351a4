/** Part of what strangers left unspent of what was expected of them that is believed at once. ASSUMED. */
const believedLeaving = 0.25;

/** The same when they spent nothing at all. ASSUMED. */
const believedGone = 0.5;

/**
 * Others who spend of the same allowance without our knowing: seen by `remaining` falling faster than we spend.
 * What they took of the last windows is left to them in the next: shared, not fought over.
 */
export class Strangers {
  #spent = 0;
  #expected = 0;
  #own = 0;
  #isFirstWindow = true;

  get areAbsent(): boolean {
    return this.#spent === 0 && this.#expected < 1;
  }

  /** What they spent in this window, as an answer tells it. */
  observe(spent: number, own: number): void {
    this.#spent = Math.max(0, spent);
    this.#own = own;
    this.#expected = Math.max(this.#expected, this.#spent);
  }

  /** How much of what is left they will take, going by what they took. */
  reserveOf(left: number): number {
    const toCome = Math.max(0, this.#expected - this.#spent);
    if (!this.#isFirstWindow || this.#spent === 0) return toCome;
    return Math.max(toCome, (Math.max(0, left) * this.#spent) / (this.#spent + this.#own));
  }

  nextWindow(): void {
    const unspent = this.#expected - this.#spent;
    this.#expected -= unspent * (this.#spent === 0 ? believedGone : believedLeaving);
    if (this.#expected < 1) this.#expected = 0;
    if (this.#spent > 0) this.#isFirstWindow = false;
    else if (this.#expected === 0) this.#isFirstWindow = true;
    this.#spent = 0;
    this.#own = 0;
  }
}
