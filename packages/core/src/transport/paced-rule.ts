import { StampLog } from "./stamp-log.js";

/** Clocks here tell whole milliseconds, so an instant may be one later than it reads. */
const guardMs = 1;

/**
 * At most `limit` requests in any `windowMs`, by our own count. What keeps within it keeps within a fixed window wherever that
 * begins, within a sliding one, and within a token bucket that holds `limit` and refills in `windowMs`.
 */
export class PacedRule {
  limit: number;
  windowMs: number;
  readonly log: StampLog = new StampLog();

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.windowMs = windowMs;
  }

  /** Those in flight count as of now: the provider may yet see them at any moment. */
  freeAt(nowMs: number, inFlightCount: number): number {
    this.log.forgetUntil(nowMs - this.windowMs - guardMs);
    const mustLeave = this.log.total + inFlightCount - this.limit + 1;
    if (mustLeave <= 0) return nowMs;
    if (mustLeave > this.log.total) return Number.POSITIVE_INFINITY;
    const atMs = this.log.instantOf(mustLeave) + this.windowMs + guardMs;
    // A clock that was set back leaves instants in the future; a whole window from now is enough whatever they say.
    return Math.min(atMs, nowMs + this.windowMs + guardMs);
  }

  count(atMs: number): void {
    this.log.add(atMs, this.windowMs);
  }
}
