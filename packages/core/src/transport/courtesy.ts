import type { InstantMs } from "../contract/index.js";
import { Bucket } from "./bucket.js";
import type { Line } from "./waiter.js";

/** So long, at most, a bucket is kept waiting for those who have not had their part: of its window, and at all. ASSUMED. */
const holdPart = 0.03;
const mostHoldMs = 50;

/** Among more sessions than this each one's part is too small to be worth looking for. ASSUMED. */
const mostLines = 64;

/** A window's grants are over when so much of it has passed since the first of them. ASSUMED. */
const windowPart = 0.9;

/** How long a bucket waits for others, in one window. */
interface Hold {
  readonly sinceMs: InstantMs;
  readonly untilMs: InstantMs;
}

/**
 * Sessions that spend of one allowance take turns, but a turn helps nobody who is held up elsewhere for a few milliseconds, by
 * a limit of its own, while the others take all there is. So whoever had its part of a window lets those go first who have
 * not had theirs and are about to come, for a moment.
 */
export class Courtesy {
  readonly #holds = new WeakMap<Bucket, Hold>();

  /** Counts a grant against the part of its line. */
  noteGrant(line: Line, nowMs: InstantMs): void {
    const bucket = sharedBucketOf(line);
    if (!bucket) return;
    if (nowMs - line.partSinceMs >= bucket.windowMs * windowPart) {
      line.partSinceMs = nowMs;
      line.part = 0;
    }
    line.part++;
  }

  /** Whoever of those that stand here has had less than its part, when the one whose turn it is has had it. */
  insteadOf(line: Line, nowMs: InstantMs): Line {
    const bucket = sharedBucketOf(line);
    if (!bucket || line.at !== bucket.bucket || line.rank === 0 || !hasHadPart(line, bucket, nowMs)) return line;
    for (const other of bucket.bucket.waiting ?? [])
      if ((other as Line).rank <= line.rank && !hasHadPart(other as Line, bucket, nowMs)) return other as Line;
    return line;
  }

  /** Where a line must wait, and until when, so that others come first; undefined when it may go. */
  holdOf(
    line: Line,
    lines: Iterable<Line>,
    nowMs: InstantMs,
  ): { readonly at: Bucket; readonly untilMs: InstantMs } | undefined {
    const bucket = sharedBucketOf(line);
    if (!bucket || line.rank === 0 || !hasHadPart(line, bucket, nowMs)) return undefined;
    const untilMs = this.#untilMs(bucket, nowMs);
    if (nowMs >= untilMs) return undefined;
    for (const other of lines)
      if (other !== line && isComing(other, bucket, nowMs, untilMs)) return { at: bucket.bucket, untilMs };
    return undefined;
  }

  #untilMs({ bucket, windowMs }: SharedAllowance, nowMs: InstantMs): InstantMs {
    let hold = this.#holds.get(bucket);
    if (!hold || nowMs - hold.sinceMs >= windowMs * windowPart) {
      hold = { sinceMs: nowMs, untilMs: nowMs + Math.min(mostHoldMs, windowMs * holdPart) };
      this.#holds.set(bucket, hold);
    }
    return hold.untilMs;
  }
}

interface SharedAllowance {
  readonly bucket: Bucket;
  readonly windowMs: number;
  /** What each of the lines that need it may have of one window before it lets others go first. */
  readonly part: number;
}

function sharedBucketOf(line: Line): SharedAllowance | undefined {
  for (const bucket of line.resources) {
    if (bucket.lines < 2 || bucket.lines > mostLines || !(bucket instanceof Bucket)) continue;
    const allowance = bucket.allowance;
    if (allowance && allowance.limit > bucket.lines)
      return { bucket, windowMs: allowance.windowMs, part: Math.floor(allowance.limit / bucket.lines) };
  }
  return undefined;
}

function hasHadPart(line: Line, { windowMs, part }: SharedAllowance, nowMs: InstantMs): boolean {
  return line.part >= part && nowMs - line.partSinceMs < windowMs * windowPart;
}

/** Held up elsewhere, with its part of this window still to come, and soon. */
function isComing(line: Line, shared: SharedAllowance, nowMs: InstantMs, untilMs: InstantMs): boolean {
  const { at } = line;
  if (!at || !line.resources.includes(shared.bucket) || hasHadPart(line, shared, nowMs)) return false;
  if (at === shared.bucket) return true;
  // Only an answer frees it: that is soon, too.
  const freeAtMs = at.freeAt(nowMs);
  return freeAtMs <= untilMs || freeAtMs === Number.POSITIVE_INFINITY;
}
