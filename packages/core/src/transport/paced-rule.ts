import { StampLog } from "./stamp-log.js";

/** Clocks here tell whole milliseconds: an instant may be one later than it reads. */
const guardMs = 1;

/** How long the log keeps what left the window: the longest way back of an answer that is of use. ASSUMED. */
const lingerMs = 500;

/** Windows to wait before the next look whether a lowered limit rose again. ASSUMED: often at first, then seldom. */
const probeGaps = [1, 1, 1, 1, 1, 2, 2, 4, 8, 16, 32, 64] as const;

/**
 * Windows to wait before looking above a limit that was only ever inferred from refusals: its true value is not known, and each
 * look may cost a refusal. ASSUMED.
 */
const firstInferredGap = 32;

/** Where a rule comes from: described beforehand, told by answers, or inferred from refusals. */
export type RuleOrigin = "described" | "told" | "inferred";

/**
 * At most `limit` requests in any `windowMs`, by our own count. What keeps within it keeps within a fixed window wherever that
 * begins, within a sliding one, and within a token bucket that holds `limit` and refills in `windowMs`.
 *
 * A refusal that it did not foresee lowers it to what was accepted; from time to time one request then looks whether more is
 * possible again, up to what once held.
 */
export class PacedRule {
  limit: number;
  windowMs: number;
  readonly origin: RuleOrigin;
  readonly log: StampLog = new StampLog();
  /** Up to here it may rise again. */
  #former: number;
  #probeAtMs = Number.POSITIVE_INFINITY;
  #probes = 0;
  /** Looks in a row that were accepted: the next may go side by side. */
  #streak = 0;
  /** Accepted since the rule last changed. */
  #accepted = 0;

  constructor(limit: number, windowMs: number, origin: RuleOrigin) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.origin = origin;
    this.#former = origin === "inferred" ? Number.POSITIVE_INFINITY : limit;
  }

  /** Those in flight count as of now: the provider may yet see them at any moment. */
  freeAt(nowMs: number, inFlightCount: number): number {
    const gone = this.#gone(nowMs);
    const live = this.log.total - gone;
    const mustLeave = live + inFlightCount - this.limit + 1;
    if (mustLeave <= 0) return nowMs;
    if (nowMs >= this.#probeAtMs && inFlightCount < Math.max(1, this.#streak) && live + inFlightCount < this.#former)
      return nowMs;
    if (mustLeave > live) return Number.POSITIVE_INFINITY;
    const atMs = this.log.instantOf(gone + mustLeave) + this.windowMs + guardMs;
    // A clock that was set back leaves instants in the future; a whole window from now is enough whatever they say.
    return Math.min(atMs, nowMs + this.windowMs + guardMs);
  }

  /** Counts a request that the provider took, or may have taken. */
  count(atMs: number): void {
    this.log.add(atMs, this.windowMs);
    this.#accepted++;
  }

  /** After `count` of an accepted request: a look above the limit that was accepted raises it. */
  rise(nowMs: number): void {
    if (this.#former <= this.limit) return;
    const live = this.log.total - this.#gone(nowMs);
    if (live > this.limit && nowMs >= this.#probeAtMs) {
      this.limit = Math.min(this.#former, live);
      this.#streak = Math.max(1, this.#streak * 2);
      if (this.limit >= this.#former) this.#probeAtMs = Number.POSITIVE_INFINITY;
    } else if (this.origin === "inferred" && this.#accepted >= this.limit * firstInferredGap * (this.#probes + 1)) {
      this.#probeAtMs = Math.min(this.#probeAtMs, nowMs);
    }
  }

  /** True once it foresaw everything for a while. */
  get isProven(): boolean {
    return this.#accepted > 2 * this.limit;
  }

  /** A refusal that it did not foresee: `count` were taken in the window, so that is what holds now. */
  lower(count: number, nowMs: number): void {
    this.limit = Math.max(1, count);
    this.#postpone(nowMs);
  }

  /** The answers name another limit: they know. */
  become(limit: number): void {
    if (limit === this.limit && limit === this.#former) return;
    this.limit = limit;
    this.#former = limit;
    this.#probeAtMs = Number.POSITIVE_INFINITY;
  }

  #postpone(nowMs: number): void {
    const gap = this.origin === "inferred" ? Number.POSITIVE_INFINITY : (probeGaps[this.#probes] ?? 64);
    this.#probes++;
    this.#streak = 0;
    this.#accepted = 0;
    // A little less than whole windows: a look belongs at the end of the window that it is due in, not after it.
    this.#probeAtMs = nowMs + (gap - 0.5) * this.windowMs;
  }

  /** How many of the log have left the window. They are kept a little longer, as answers speak of a moment ago. */
  #gone(nowMs: number): number {
    const beganMs = nowMs - this.windowMs - guardMs;
    this.log.forgetUntil(beganMs - Math.min(this.windowMs, lingerMs));
    return this.log.countUntil(beganMs);
  }
}
