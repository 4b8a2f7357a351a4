import { longestTimeoutMs, RoundTrip } from "./round-trip.js";

export interface SendWindowOptions {
  /** From the oldest unacknowledged frame to the newest. */
  readonly windowFrames: number;
  /** Bytes of unacknowledged frames. */
  readonly windowBytes: number;
}

// ASSUMED: enough to fill a fast path within two round trips, little enough for a slow one.
const initialAllowance = 256;
const smallestAllowance = 32;
// Peers look for overdue frames ten times a second.
const shortestWaitMs = 100;
// A path as quick as this has no queue: what is overdue there was lost, and sending less would not help.
const quickRttMs = 100;
// Bounds one burst of copies, should the other side only have stalled.
const mostCopiesAtOnce = 256;

/**
 * The frames that are sent and not yet acknowledged, each with its own clock.
 *
 * Acknowledgements are selective, so the frames sit in a ring by sequence number. The number of frames in flight grows with
 * every acknowledgement and, on a slow path, halves when one is overdue: it is not flooded with copies of what still queues.
 */
export class SendWindow {
  readonly #limits: SendWindowOptions;
  readonly #frames: (Buffer | undefined)[];
  readonly #firstSentAtMs: Float64Array;
  readonly #sentAtMs: Float64Array;
  readonly #copies: Uint32Array;
  readonly roundTrip: RoundTrip = new RoundTrip();
  #oldest = 0;
  #next = 0;
  #unackedCount = 0;
  #unackedBytes = 0;
  #allowance: number = initialAllowance;
  #nextCutAtMs = 0;
  /** Of frames that were sent once: nothing about these is a guess. */
  #certainRttMs: number = quickRttMs;

  constructor(limits: SendWindowOptions) {
    this.#limits = limits;
    this.#frames = Array.from({ length: limits.windowFrames });
    this.#firstSentAtMs = new Float64Array(limits.windowFrames);
    this.#sentAtMs = new Float64Array(limits.windowFrames);
    this.#copies = new Uint32Array(limits.windowFrames);
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
    this.#copies[slot] = 1;
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
    if (this.#allowance < this.#limits.windowFrames) this.#allowance++;
    this.#sample(slot, nowMs);
    while (this.#oldest < this.#next && this.#frames[this.#oldest % this.#limits.windowFrames] === undefined)
      this.#oldest++;
    return frame;
  }

  /**
   * An acknowledgement that comes too soon after a copy answers the first one: counted from the copy, a path that is merely
   * slow would look ever faster and be flooded.
   */
  #sample(slot: number, nowMs: number): void {
    const sinceLastMs = Math.max(0, nowMs - (this.#sentAtMs[slot] ?? nowMs));
    if (this.#copies[slot] === 1) {
      this.#certainRttMs = 0.875 * this.#certainRttMs + 0.125 * sinceLastMs;
      return this.roundTrip.sample(sinceLastMs);
    }
    const isOfFirst = sinceLastMs < this.#certainRttMs / 2;
    this.roundTrip.sample(isOfFirst ? Math.max(0, nowMs - (this.#firstSentAtMs[slot] ?? nowMs)) : sinceLastMs);
  }

  /** True when this frame and every one before it is acknowledged. */
  isAllAcknowledgedTo(sequence: number): boolean {
    return sequence < this.#oldest;
  }

  /** After a new connection: whatever was in flight is gone, so every frame is due. */
  expireAll(): void {
    for (let sequence = this.#oldest; sequence < this.#next; sequence++)
      this.#sentAtMs[sequence % this.#limits.windowFrames] = Number.NEGATIVE_INFINITY;
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

  #dueAtMs(slot: number): number {
    const doublings = Math.min(4, (this.#copies[slot] ?? 1) - 1);
    const waitMs = Math.max(shortestWaitMs, this.roundTrip.timeoutMs) * 2 ** doublings;
    return (this.#sentAtMs[slot] ?? 0) + Math.min(longestTimeoutMs, waitMs);
  }

  #countCopy(slot: number, nowMs: number): void {
    const wasExpired = this.#sentAtMs[slot] === Number.NEGATIVE_INFINITY;
    if (this.#firstSentAtMs[slot] === Number.NEGATIVE_INFINITY) this.#firstSentAtMs[slot] = nowMs;
    this.#copies[slot] = (this.#copies[slot] ?? 0) + 1;
    this.#sentAtMs[slot] = nowMs;
    if (wasExpired || nowMs < this.#nextCutAtMs || this.#certainRttMs < quickRttMs) return;
    // Once per round trip: one loss makes many frames overdue.
    this.#allowance = Math.max(smallestAllowance, this.#allowance >> 1);
    this.#nextCutAtMs = nowMs + this.roundTrip.timeoutMs;
  }
}
