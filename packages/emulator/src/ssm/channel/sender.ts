import { payloadType } from "../codec/payload-type.js";
import { frameWriter } from "../codec/stream-frame.js";
import type { SsmCounters } from "../counters.js";
import type { Stage } from "../stage.js";
import { createEstimator, type Estimator, longestTimeoutMs } from "./estimator.js";
import type { Link } from "./link.js";

/** The agent's stream: numbered, kept until it is acknowledged, sent again until then. */
export interface Sender {
  /**
   * Takes bytes of any length but none of zero. False when enough is waiting: `onRoom` tells when there is room again.
   */
  write(type: number, bytes: Uint8Array): boolean;
  acknowledged(sequence: number): void;
  /** The client can take output as fast as it comes. Until then one frame at a time is under way. */
  peerIsReady(): void;
  /** A connection is there (again): everything unacknowledged goes out once more, at once. */
  resume(): void;
  /** Goes on where it stopped for want of room. */
  pump(): void;
  readonly isDrained: boolean;
  readonly unacknowledgedCount: number;
  readonly estimator: Estimator;
}

export interface SenderOptions {
  stage: Stage;
  counters: SsmCounters;
  link: () => Link | undefined;
  /** Encrypts what has to be, once there is a key. */
  seal: (type: number, bytes: Uint8Array) => Uint8Array;
  onRoom: () => void;
  /** Everything written so far has been acknowledged. */
  onDrained: () => void;
}

interface Sent {
  wire: Buffer;
  type: number;
  sentAtMs: number;
  copyCount: number;
}

/** Output that waits for its turn; beyond this the source is asked to stop. ASSUMED: a few windows' worth. */
const queueLimitBytes = 512 * 1024;
/** Bytes that may wait in the socket before new frames do. */
const backlogLimitBytes = 1024 * 1024;
/** With more than this in the socket, the network is slow and no frame is lost: copies would only make it worse. */
const copyBacklogLimitBytes = 64 * 1024;
/** Clients keep 10,000 frames that came too early. */
const farthestAhead = 9_500;

export function createSender(options: SenderOptions): Sender {
  const { stage, counters, link } = options;
  const { clock, timers } = stage;
  const writeFrame = frameWriter("output_stream_data", stage.random);
  const estimator = createEstimator();
  const unacknowledged = new Map<number, Sent>();
  const queue: { type: number; bytes: Uint8Array; offset: number }[] = [];
  let queuedBytes = 0;
  let next = 0;
  let oldest = 0;
  let newestAcknowledged = -1;
  let isReady = false;
  let isPumping = false;
  let isPumpPlanned = false;
  let isTicking = false;
  let wantsRoom = false;

  const { dials } = stage;
  const hasWindow = (current: Link): boolean => {
    const { bytesPerSecond, windowFrames } = dials;
    const backlogLimit = bytesPerSecond === null ? backlogLimitBytes : Math.max(4_096, bytesPerSecond / 4);
    return (
      unacknowledged.size < (isReady ? windowFrames : 1) &&
      next - oldest < farthestAhead &&
      current.backlogBytes < backlogLimit
    );
  };
  const sendNext = (current: Link, nowMs: number): void => {
    const [head] = queue;
    if (head === undefined) return;
    const limit = isOutput(head.type) ? dials.frameBytes : head.bytes.length;
    const bytes = head.bytes.subarray(head.offset, head.offset + limit);
    head.offset += bytes.length;
    queuedBytes -= bytes.length;
    if (head.offset >= head.bytes.length) queue.shift();
    const sequence = next;
    next += 1;
    const payload = options.seal(head.type, bytes);
    const wire = writeFrame(nowMs, sequence, sequence === 0 ? 1 : 0, head.type, payload);
    // Kept before it is sent: its acknowledgement may be faster than the next line.
    unacknowledged.set(sequence, { wire, type: head.type, sentAtMs: nowMs, copyCount: 0 });
    counters.framesOut += 1;
    current.send(wire, "stream");
  };
  const pump = (): void => {
    isPumpPlanned = false;
    const current = link();
    if (current === undefined || isPumping) return;
    isPumping = true;
    const nowMs = clock.now();
    // The connection may break under a frame, and then there is another `link()`, or none.
    while (link() === current && hasWindow(current)) {
      if (queue.length === 0) {
        if (!offerRoom()) break;
        if (queue.length === 0) break;
      }
      sendNext(current, nowMs);
    }
    isPumping = false;
    tick();
    if (queuedBytes < queueLimitBytes / 2) offerRoom();
  };
  const offerRoom = (): boolean => {
    if (!wantsRoom) return false;
    wantsRoom = false;
    options.onRoom();
    return true;
  };
  const planPump = (): void => {
    if (isPumpPlanned) return;
    isPumpPlanned = true;
    setImmediate(pump);
  };

  const tick = (): void => {
    if (isTicking || unacknowledged.size === 0 || link() === undefined) return;
    isTicking = true;
    timers.after(dials.resendEveryMs, () => {
      isTicking = false;
      sendDue();
      tick();
    });
  };
  const sendDue = (): void => {
    const current = link();
    if (current === undefined || current.backlogBytes > copyBacklogLimitBytes) return;
    const nowMs = clock.now();
    const { resend, presumeDeliveredAfter } = dials;
    for (const [sequence, sent] of unacknowledged) {
      if (sent.copyCount >= presumeDeliveredAfter && newestAcknowledged > sequence) {
        counters.presumedDelivered += 1;
        settle(sequence, sent);
      } else if (nowMs - sent.sentAtMs >= waitMs(sequence, sent)) {
        sent.copyCount += 1;
        sent.sentAtMs = nowMs;
        counters.copiesOut += 1;
        current.send(sent.wire, "stream");
      }
      if (resend === "oldest" || link() !== current || current.backlogBytes > backlogLimitBytes) break;
    }
  };
  /**
   * A frame behind which others have arrived is lost; without such a sign the network is more likely slow, and only the
   * oldest goes out again soon.
   */
  const waitMs = (sequence: number, { copyCount }: Sent): number => {
    const { resendEveryMs } = dials;
    if (sequence > newestAcknowledged && sequence !== oldest) return Math.max(resendEveryMs, longestTimeoutMs);
    return copyCount === 0 ? Math.max(resendEveryMs, estimator.timeoutMs) : resendEveryMs;
  };
  const settle = (sequence: number, sent: Sent): void => {
    unacknowledged.delete(sequence);
    while (oldest < next && !unacknowledged.has(oldest)) oldest += 1;
    if (!isReady && isOutput(sent.type)) isReady = true;
    if (queue.length > 0 || wantsRoom) planPump();
    else if (unacknowledged.size === 0) options.onDrained();
  };

  return {
    write(type, bytes) {
      if (bytes.length === 0) throw new RangeError("A frame without payload is never sent.");
      queue.push({ type, bytes, offset: 0 });
      queuedBytes += bytes.length;
      if (!isPumping) planPump();
      if (queuedBytes < queueLimitBytes) return true;
      wantsRoom = true;
      return false;
    },
    acknowledged(sequence) {
      const sent = unacknowledged.get(sequence);
      if (sent === undefined) {
        counters.staleAcksIn += 1;
        return;
      }
      counters.acksIn += 1;
      newestAcknowledged = Math.max(newestAcknowledged, sequence);
      const sampleMs = clock.now() - sent.sentAtMs;
      // Due at once after a break, and then acknowledged all the same: no round trip to learn from.
      if (Number.isFinite(sampleMs)) estimator.sample(sampleMs);
      settle(sequence, sent);
    },
    peerIsReady() {
      if (isReady) return;
      isReady = true;
      planPump();
    },
    resume() {
      for (const sent of unacknowledged.values()) {
        sent.sentAtMs = Number.NEGATIVE_INFINITY;
      }
      sendDue();
      planPump();
    },
    pump: planPump,
    get isDrained() {
      return queue.length === 0 && unacknowledged.size === 0;
    },
    get unacknowledgedCount() {
      return unacknowledged.size;
    },
    estimator,
  };
}

const isOutput = (type: number): boolean => type === payloadType.output || type === payloadType.stderr;
