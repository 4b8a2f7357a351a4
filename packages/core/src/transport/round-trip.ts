/** The quickest answer seen may have been waited for at the provider after it was counted: so much of it is not relied on. ASSUMED. */
const surePart = 0.9;
const unsureMs = 15;

/** A process that is starting is slow itself: so many answers must agree that the way is long. ASSUMED. */
const enoughToProve = 4;

/**
 * A way there and another one's way back may together be shorter than any round trip seen so far: so many must have been seen
 * before the quickest is relied on. ASSUMED.
 */
const enoughToBeSure = 16;

/** The quickest answer seen of one provider: the least time between leaving here and being counted there and back. */
export class RoundTrip {
  #minMs = Number.POSITIVE_INFINITY;
  #left: number;
  #seen = 0;

  /**
   * The first answers come over connections that had to be opened, which is no part of a round trip: `ignoredCount` of them
   * are not looked at. Default 0.
   */
  constructor(ignoredCount = 0) {
    this.#left = ignoredCount;
  }

  observe(durationMs: number): void {
    if (this.#left-- > 0) return;
    this.#seen++;
    if (durationMs >= 0 && durationMs < this.#minMs) this.#minMs = durationMs;
  }

  /** 0 until something was seen: then a request counts from its answer on, which is never too early. */
  get minMs(): number {
    return this.#minMs === Number.POSITIVE_INFINITY ? 0 : this.#minMs;
  }

  /** Whether several answers agree: only then more requests side by side are allowed for it. */
  get isProven(): boolean {
    return this.#seen >= enoughToProve;
  }

  /**
   * By so much a request may leave before an instant and surely be counted after it, and so much before its answer one surely
   * was counted. Nothing on a quick line, where it would gain nothing and one send too early costs more.
   */
  get sureMs(): number {
    if (this.#seen < enoughToBeSure) return 0;
    return Math.max(0, Math.min(this.minMs * surePart, this.minMs - unsureMs));
  }
}
