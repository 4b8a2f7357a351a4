/** Part of a window that must be spent before it tells how many spend of it. ASSUMED. */
const enoughToJudge = 0.25;

/**
 * Others who spend of the same allowance without our knowing: seen by `remaining` falling faster than we spend.
 *
 * They are taken for as many clients like us as their spending suggests, and each client keeps no more in flight than its part
 * of what it last saw left, rounded down. Then all of it is used and nobody is refused: whoever sees less left than there are
 * clients stops, and those that do not see it yet are no more than what is left.
 */
export class Strangers {
  #spent = 0;
  #own = 0;
  #count = 0;

  get areAbsent(): boolean {
    return this.#count === 0 && this.#spent === 0;
  }

  /** What they and we spent in this window, as an answer tells it. */
  observe(spent: number, own: number, limit: number): void {
    this.#spent = Math.max(0, spent);
    this.#own = own;
    // Within a window it only rises, as a slower client has not spent all of its part yet; and a few requests say nothing.
    if (this.#spent + own >= limit * enoughToJudge) this.#count = Math.max(this.#count, this.#suggested());
  }

  /** How many there are, taken for clients like us. */
  get count(): number {
    return this.#count;
  }

  /** Our part of what is left. */
  partOf(left: number): number {
    return Math.floor(left / (1 + this.#count));
  }

  nextWindow(): void {
    if (this.#own > 0) this.#count = this.#suggested();
    this.#spent = 0;
    this.#own = 0;
  }

  #suggested(): number {
    return this.#own > 0 ? Math.round(this.#spent / this.#own) : this.#count;
  }
}
