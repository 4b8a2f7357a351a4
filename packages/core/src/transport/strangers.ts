/** Part of a window that must be spent before it tells how many spend of it. ASSUMED. */
const enoughToJudge = 0.25;

/** How much the newest window counts in the average of all. ASSUMED. */
const newestPart = 0.3;

/** One more than there are leaves a little unused; one less costs refusals: among several it is one more in doubt. ASSUMED. */
const inDoubt = 0.3;
const several = 1.3;

/** So much above our part we must have had, to conclude that the others leave some of theirs. ASSUMED. */
const beyondPart = 0.5;

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
  #limit = 0;
  #count = 0;
  /** What they spent for each of ours, over the windows in which they were seen. */
  #average = 0;
  #windows = 0;

  get areAbsent(): boolean {
    return this.#count === 0 && this.#spent === 0;
  }

  /** What they and we spent in this window, as an answer tells it. */
  observe(spent: number, own: number, limit: number): void {
    this.#spent = Math.max(0, spent);
    this.#own = own;
    this.#limit = limit;
    // Before a whole window was seen it only rises, as a slower client has not spent all of its part yet. Afterwards the part of
    // a moment says less than the average, and one permit misjudged in a window is a whole window more in the end.
    if (this.#windows === 0 && this.#spent + own >= limit * enoughToJudge)
      this.#count = Math.max(this.#count, Math.round(this.#ratio()));
  }

  /** How many there are, taken for clients like us. */
  get count(): number {
    return this.#count;
  }

  /** Our part of what is left: how many of ours may be in flight. */
  partOf(left: number): number {
    const part = Math.floor(left / (1 + this.#count));
    if (part > 0 || left < 1) return part;
    // They leave some of their part, perhaps as they have finished: it is ours too, one by one.
    return this.#own > this.#limit / (1 + this.#count) + beyondPart ? 1 : 0;
  }

  nextWindow(): void {
    if (this.#own > 0) {
      const ratio = this.#ratio();
      if (ratio === 0) this.#windows = 0;
      else this.#average = this.#windows++ === 0 ? ratio : this.#average + (ratio - this.#average) * newestPart;
      this.#count = ratio === 0 ? 0 : Math.round(this.#average + (this.#average > several ? inDoubt : 0));
    }
    this.#spent = 0;
    this.#own = 0;
  }

  #ratio(): number {
    return this.#own > 0 ? this.#spent / this.#own : this.#count;
  }
}
