/** Clocks here tell whole milliseconds. */
const guardMs = 2;

/** A told reset is exact when it is not on a whole second, neither on the clock nor counted from the answer. */
const coarseMs = 1_000;

/** So many more than the provider counted must be ours, as part of the limit: a few may be a mistake of somebody. ASSUMED. */
const proofPart = 0.1;

/** A window that has so much of its length before it has just begun. ASSUMED. */
const wholePart = 0.7;

/** Shorter windows and smaller limits gain too little by it. ASSUMED. */
const shortestMs = 500;
const smallestLimit = 5;

/** What one answer tells of the window's end. */
export interface TurnSighting {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAtMs: number;
  readonly sentAtMs: number;
  readonly atMs: number;
  /** The quickest answer seen. */
  readonly roundTripMs: number;
  /** By so much a request may leave before the turn. */
  readonly sureMs: number;
  readonly windowMs: number;
}

/**
 * When a fixed window ends and the next begins whole, as exactly as many answers together tell it. Our own count takes every
 * window for a sliding one: it waits until each request is a window old, so that a burst stays as spread as it once was, and a
 * slow answer delays the whole next window. One early answer in thirty tells the end better than the first of them.
 */
export class WindowTurn {
  #isProven = false;
  #isRefuted = false;
  /** Requests of ours that were accepted, the newest last: counted after they left and before they were answered. */
  #accepted: { readonly sentAtMs: number; readonly atMs: number }[] = [];
  /** The next reset, as told. */
  #resetAtMs = Number.POSITIVE_INFINITY;
  #sureMs = 0;
  /** The turn that was taken last, and half a window after it. */
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #midwayAtMs = Number.NEGATIVE_INFINITY;

  /** The next turn; infinity while none is known or windows are not proven to be fixed. */
  get atMs(): number {
    return this.#isProven ? this.#safeAtMs : Number.POSITIVE_INFINITY;
  }

  /** The end of the window as it was told, by the clock of the answers. */
  get resetAtMs(): number {
    return this.#resetAtMs;
  }

  get isProven(): boolean {
    return this.#isProven;
  }

  /** Whether an answer with this reset speaks of a window that is over. */
  isLate(resetAtMs: number | undefined): boolean {
    return resetAtMs !== undefined && resetAtMs < this.#midwayAtMs;
  }

  see(sighting: TurnSighting): void {
    const { resetAtMs, atMs, windowMs, roundTripMs, sureMs } = sighting;
    if (this.#isRefuted || resetAtMs % coarseMs === 0 || (resetAtMs - atMs) % coarseMs === 0) return;
    if (windowMs < shortestMs || sighting.limit < smallestLimit) return;
    // On a line that is slow for such a window an answer is too old to go by.
    if (roundTripMs > windowMs / 4) return;
    if (!this.#isProven) this.#judge(sighting);
    this.#sureMs = sureMs;
    const isNextWindow = resetAtMs > this.#resetAtMs + windowMs / 2;
    this.#resetAtMs = isNextWindow ? resetAtMs : Math.min(this.#resetAtMs, resetAtMs);
  }

  /** The turn came. */
  take(windowMs: number): void {
    this.#takenAtMs = this.#safeAtMs;
    this.#midwayAtMs = this.#takenAtMs + windowMs / 2;
    this.#resetAtMs = Number.POSITIVE_INFINITY;
  }

  /** A refusal of what left right after a turn: whatever this is, it is not what it seemed. */
  noteRefusal(sentAtMs: number): void {
    if (sentAtMs < this.#takenAtMs || sentAtMs > this.#midwayAtMs) return;
    this.#isRefuted = true;
    this.#isProven = false;
  }

  noteAccepted(sentAtMs: number, atMs: number, limit: number): void {
    if (this.#isProven || this.#isRefuted || limit < smallestLimit) return;
    this.#accepted.push({ sentAtMs, atMs });
    if (this.#accepted.length > 2 * limit) this.#accepted.splice(0, limit);
  }

  /** By what is sure of the way now, not by what seemed so when it was told. */
  get #safeAtMs(): number {
    return this.#resetAtMs - this.#sureMs + guardMs;
  }

  /**
   * Early in a window: what left less than `windowMs` before is still counted in a sliding window, and a token bucket
   * that has most of its tokens is soon full. Where the provider has forgotten what it would have to remember, and the end is a
   * whole window away, the window is a fixed one.
   */
  #judge({ limit, remaining, resetAtMs, sentAtMs, atMs, windowMs, sureMs }: TurnSighting): void {
    const spent = limit - remaining;
    if (spent > limit / 2 || resetAtMs - atMs < windowMs * wholePart) return;
    // From one's leaving to the other's answer it is a round trip longer than between the two countings.
    const sinceMs = atMs - windowMs - sureMs + guardMs;
    const remembered = this.#accepted.filter((one) => one.sentAtMs > sinceMs && one.atMs <= sentAtMs).length;
    this.#isProven = remembered > spent + limit * proofPart;
    if (this.#isProven) this.#accepted = [];
  }
}
