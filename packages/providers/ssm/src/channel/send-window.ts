import { RoundTrip } from "./round-trip.js";

export interface SendWindowOptions {
  /** From the oldest unacknowledged frame to the newest. */
  readonly windowFrames: number;
  /** Bytes of unacknowledged frames. */
  readonly windowBytes: number;
  /** The sequence number of the first frame. Default 0. */
  readonly firstSequence?: number;
}

// ASSUMED, all of these.
const initialAllowance = 16;
const smallestAllowance = 8;
// Peers look for overdue frames ten times a second.
const shortestWaitMs = 100;
// Before anything is known of the path: as TCP does.
const firstWaitMs = 1000;
const longestWaitMs = 8000;
// On a path as quick as this what is overdue was lost, and neither waiting longer nor sending less would help.
const quickRttMs = 100;
// Bounds one burst of copies, should the other side only have stalled.
const mostCopiesAtOnce = 256;

/**
 * The frames that are sent and not yet acknowledged, each with its own clock.
 *
 * Acknowledgements are selective, so the frames sit in a ring by sequence number. As many are in flight as the path carries:
 * their number grows while round trips stay near the shortest one, and shrinks when they become much longer. So a slow
 * uplink is neither filled with a queue nor flooded with copies of what still waits in it.
 */
export class SendWindow {
  readonly #limits: SendWindowOptions;
  readonly #frames: (Buffer | undefined)[];
  readonly #firstSentAtMs: Float64Array;
  readonly #sentAtMs: Float64Array;
  readonly #copies: Uint32Array;
  readonly roundTrip: RoundTrip = new RoundTrip();
  #oldest: number;
  #next: number;
  #unackedCount = 0;
  #unackedBytes = 0;
  #allowance: number = initialAllowance;
  #nextCutAtMs = 0;
  /** The shortest on this connection, of frames that were sent once: nothing about these is a guess. */
  #shortestRttMs: number = Number.POSITIVE_INFINITY;

  constructor(limits: SendWindowOptions) {
    this.#limits = limits;
    this.#frames = Array.from({ length: limits.windowFrames });
    this.#firstSentAtMs = new Float64Array(limits.windowFrames);
    this.#sentAtMs = new Float64Array(limits.windowFrames);
    this.#copies = new Uint32Array(limits.windowFrames);
    this.#oldest = limits.firstSequence ?? 0;
    this.#next = this.#oldest;
  }

  /** The sequence number of the next frame. */
  get nextSequence(): number {
    return this.#next;
  }

  get unackedCount(): number {
    return this.#unackedCount;
  }

  get unackedBytes(): number {
    return this.#unackedBytes;
  }

  get hasRoom(): boolean {
    return (
      this.#unackedCount < this.#allowance &&
      this.#next - this.#oldest < this.#limits.windowFrames &&
      this.#unackedBytes < this.#limits.windowBytes
    );
  }

  /** Takes the frame of `nextSequence`. To be called before the frame is written: its acknowledgement may be very fast. */
  register(frame: Buffer, nowMs: number): void {
    const slot = this.#next % this.#limits.windowFrames;
    this.#frames[slot] = frame;
    this.#firstSentAtMs[slot] = nowMs;
    this.#sentAtMs[slot] = nowMs;
    this.#copies[slot] = Number.isFinite(nowMs) ? 1 : 0;
    this.#next++;
    this.#unackedCount++;
    this.#unackedBytes += frame.length;
  }

  /** The frame, which is free now. Undefined for a number that is not waiting: a second acknowledgement, or one of nothing. */
  acknowledge(sequence: number, nowMs: number): Buffer | undefined {
    if (sequence < this.#oldest || sequence >= this.#next) return undefined;
    const slot = sequence % this.#limits.windowFrames;
    const frame = this.#frames[slot];
    if (frame === undefined) return undefined;
    this.#frames[slot] = undefined;
    this.#unackedCount--;
    this.#unackedBytes -= frame.length;
    this.#sample(slot, nowMs);
    while (this.#oldest < this.#next && this.#frames[this.#oldest % this.#limits.windowFrames] === undefined)
      this.#oldest++;
    return frame;
  }

  /**
   * Which copy an acknowledgement answers is not known. A connection loses nothing while it lasts, so it is the first one;
   * unless the path is so quick that the frame must have been lost.
   */
  #sample(slot: number, nowMs: number): void {
    const isCertain = this.#copies[slot] === 1;
    const sentAtMs = (isCertain || this.#isQuick ? this.#sentAtMs : this.#firstSentAtMs)[slot] ?? nowMs;
    const rttMs = Math.max(0, nowMs - sentAtMs);
    this.roundTrip.sample(rttMs);
    if (isCertain) this.#adapt(rttMs, nowMs);
  }

  #adapt(rttMs: number, nowMs: number): void {
    if (rttMs < this.#shortestRttMs) this.#shortestRttMs = rttMs;
    if (rttMs <= 1.5 * this.#shortestRttMs + 25) {
      if (this.#allowance < this.#limits.windowFrames) this.#allowance++;
    } else if (rttMs > 3 * this.#shortestRttMs + 100) this.#cut(0.7, rttMs, nowMs);
  }

  /** At most once per round trip: one queue makes many frames late. */
  #cut(share: number, rttMs: number, nowMs: number): void {
    if (nowMs < this.#nextCutAtMs) return;
    this.#allowance = Math.max(smallestAllowance, Math.floor(this.#allowance * share));
    this.#nextCutAtMs = nowMs + rttMs;
  }

  /** True when this frame and every one before it is acknowledged. */
  isAllAcknowledgedTo(sequence: number): boolean {
    return sequence < this.#oldest;
  }

  /** After a new connection: whatever was in flight is gone, so every frame is due. */
  expireAll(): void {
    this.#shortestRttMs = Number.POSITIVE_INFINITY;
    for (let sequence = this.#oldest; sequence < this.#next; sequence++)
      this.#expire(sequence % this.#limits.windowFrames);
  }

  /**
   * Hands every overdue frame to `send`, oldest first, until it answers false. Returns when the next frame falls due, or
   * undefined when none waits.
   */
  resendDue(nowMs: number, send: (frame: Buffer) => boolean): number | undefined {
    let nextDueAtMs: number | undefined;
    let copies = 0;
    for (let sequence = this.#oldest; sequence < this.#next; sequence++) {
      const slot = sequence % this.#limits.windowFrames;
      const frame = this.#frames[slot];
      if (frame === undefined) continue;
      if (this.#dueAtMs(slot) <= nowMs) {
        if (copies++ === mostCopiesAtOnce || !send(frame)) return nowMs;
        this.#countCopy(slot, nowMs);
      }
      const dueAtMs = this.#dueAtMs(slot);
      if (nextDueAtMs === undefined || dueAtMs < nextDueAtMs) nextDueAtMs = dueAtMs;
    }
    return nextDueAtMs;
  }

  /** No acknowledgement of an earlier copy can come any more: the next one is the first. */
  #expire(slot: number): void {
    this.#copies[slot] = 0;
    this.#sentAtMs[slot] = Number.NEGATIVE_INFINITY;
  }

  get #isQuick(): boolean {
    return this.#shortestRttMs < quickRttMs;
  }

  #dueAtMs(slot: number): number {
    return (this.#sentAtMs[slot] ?? 0) + this.#waitMs(this.#copies[slot] ?? 1);
  }

  /** Waiting longer for each copy makes room on a slow path; on a quick one it would only take longer. */
  #waitMs(copies: number): number {
    if (this.#isQuick) return Math.max(shortestWaitMs, this.roundTrip.timeoutMs);
    const isKnown = Number.isFinite(this.#shortestRttMs);
    const once = isKnown ? Math.max(shortestWaitMs, this.roundTrip.patientTimeoutMs) : firstWaitMs;
    return Math.min(longestWaitMs, once * 2 ** Math.min(6, Math.max(0, copies - 1)));
  }

  #countCopy(slot: number, nowMs: number): void {
    const wasExpired = this.#sentAtMs[slot] === Number.NEGATIVE_INFINITY;
    if (wasExpired) this.#firstSentAtMs[slot] = nowMs;
    this.#copies[slot] = (this.#copies[slot] ?? 0) + 1;
    this.#sentAtMs[slot] = nowMs;
    if (!wasExpired && !this.#isQuick) this.#cut(0.5, this.roundTrip.timeoutMs, nowMs);
  }
}
