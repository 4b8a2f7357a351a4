import { acknowledgeFlags, acknowledgement } from "../codec/acknowledge.js";
import type { Frame } from "../codec/frame.js";
import { payloadType } from "../codec/payload-type.js";
import { frameWriter } from "../codec/stream-frame.js";
import type { SsmCounters } from "../counters.js";
import type { Stage } from "../stage.js";
import type { Link } from "./link.js";

/** How many frames that came too early an agent keeps. */
const earlyFrameLimit = 100_000;

/** The client's stream, put in order. Every copy of a frame is acknowledged, once the agent has taken it. */
export interface Receiver {
  take(frame: Frame): void;
  /** Offers what waits again, after the agent could not take it. */
  retry(): void;
}

export interface ReceiverOptions {
  stage: Stage;
  counters: SsmCounters;
  link: () => Link | undefined;
  /** False when the agent cannot take it now: the frame is not acknowledged, and its turn comes again. */
  deliver: (frame: Frame) => boolean;
}

export function createReceiver({ stage, counters, link, deliver }: ReceiverOptions): Receiver {
  const early = new Map<number, Frame>();
  const writeAck = frameWriter("acknowledge", stage.random);
  let expected = 0;

  const acknowledge = (frame: Frame): void => {
    const payload = acknowledgement(frame.messageType, frame.messageId(), frame.sequence);
    counters.acksOut += 1;
    link()?.send(writeAck(stage.clock.now(), 0, acknowledgeFlags, payloadType.none, payload), "acknowledge");
  };
  // Whoever takes a frame may make room and ask for the next one before it is counted as taken.
  let isDelivering = false;
  const deliverNext = (frame: Frame): boolean => {
    isDelivering = true;
    const isTaken = deliver(frame);
    isDelivering = false;
    if (!isTaken) {
      counters.refusedIn += 1;
      return false;
    }
    expected += 1;
    counters.framesIn += 1;
    return true;
  };
  const drain = (): void => {
    if (isDelivering) return;
    for (let next = early.get(expected); next !== undefined; next = early.get(expected)) {
      const { sequence } = next;
      if (!deliverNext(next)) return;
      early.delete(sequence);
    }
  };
  return {
    take(frame) {
      const { sequence } = frame;
      if (sequence < expected || early.has(sequence)) {
        counters.duplicatesIn += 1;
        acknowledge(frame);
        if (sequence === expected) drain();
        return;
      }
      if (sequence > expected) {
        if (early.size >= earlyFrameLimit) return;
        counters.earlyFramesIn += 1;
        early.set(sequence, frame);
        acknowledge(frame);
        return;
      }
      if (isDelivering || !deliverNext(frame)) return;
      acknowledge(frame);
      drain();
    },
    retry: drain,
  };
}
