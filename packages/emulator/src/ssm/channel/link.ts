import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { acknowledgedSequence, quickAcknowledgedSequence } from "../codec/acknowledge.js";
import { decodeFrame, type Frame } from "../codec/frame.js";
import { binaryMessage, frameOf } from "../codec/stream-frame.js";
import type { SsmCounters } from "../counters.js";
import type { Stage } from "../stage.js";
import { garbage } from "./garbage.js";
import { createGust, type FrameKind, type Gust } from "./gust.js";

/** One WebSocket connection of a session, with the weather on it. */
export interface Link {
  /** Takes a frame with its WebSocket header. */
  send(wire: Buffer, kind: FrameKind): void;
  /** Bytes that have not left yet. */
  readonly backlogBytes: number;
  /** Stops reading, so that the client is slowed down, until `resumeReading`. */
  pauseReading(): void;
  resumeReading(): void;
  /** Goes deaf and mute, and stays open. */
  deafen(): void;
  /** Closes in good order, once what has been sent is out. */
  close(code: number, reason: string): void;
  /** Breaks without a word. */
  cut(): void;
}

export interface LinkOptions {
  ws: WebSocket;
  /** The socket below: frames with their headers go straight into it. */
  socket: Duplex;
  stage: Stage;
  counters: SsmCounters;
  onFrame: (frame: Frame) => void;
  onAcknowledged: (sequence: number) => void;
  /** There is room again. */
  onRoom: () => void;
  onGone: () => void;
}

export function createLink(options: LinkOptions): Link {
  const { ws, socket, stage, counters } = options;
  let isOpen = true;
  let isDeafened = false;
  let isCorked = false;
  let streamFrameCount = 0;
  const isDeaf = (): boolean => isDeafened || stage.dials.deaf;

  const cut = (): void => {
    if (!isOpen) return;
    gone();
    ws.terminate();
  };
  const countFrame = (): void => {
    streamFrameCount += 1;
    const { cutEveryFrames } = stage.dials;
    if (cutEveryFrames !== null && streamFrameCount >= cutEveryFrames) cut();
  };
  /** One write to the kernel for all that is sent in one turn. */
  const write = (wire: Buffer, kind: FrameKind): void => {
    if (!isOpen || isDeaf()) return;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      process.nextTick(() => {
        isCorked = false;
        socket.uncork();
      });
    }
    if (kind === "stream") spray(wire);
    socket.write(wire);
    if (kind === "stream") countFrame();
  };
  const spray = (wire: Buffer): void => {
    const { garbageRate, lethalGarbage } = stage.dials;
    if (garbageRate === 0 || stage.random.next() >= garbageRate) return;
    counters.garbage += 1;
    socket.write(binaryMessage(garbage(frameOf(wire), stage.random, lethalGarbage)));
  };
  const outward: Gust<Buffer> = createGust<Buffer>({
    way: "output",
    stage,
    counters,
    sizeOf: (wire) => wire.length,
    deliver: write,
    released: options.onRoom,
  });
  const inward: Gust<Frame | number> = createGust<Frame | number>({
    way: "input",
    stage,
    counters,
    sizeOf: (frame) => (typeof frame === "number" ? acknowledgeBytes : frame.payload.length),
    deliver(frame, kind) {
      if (!isOpen) return;
      if (typeof frame === "number") options.onAcknowledged(frame);
      else options.onFrame(frame);
      if (kind === "stream") countFrame();
    },
    released: () => undefined,
  });
  const read = (bytes: Buffer): void => {
    if (!isOpen || isDeaf()) return;
    const quick = quickAcknowledgedSequence(bytes);
    if (quick !== undefined) return inward.pass(quick, "acknowledge");
    const frame = decodeFrame(bytes);
    if (typeof frame === "string") {
      counters.badFramesIn += 1;
      return;
    }
    if (!frame.lengthMatches) counters.wrongLengthsIn += 1;
    if (!frame.digestMatches()) counters.wrongDigestsIn += 1;
    if (frame.messageType !== "acknowledge") return inward.pass(frame, kindOf(frame.messageType));
    const sequence = acknowledgedSequence(frame.payload);
    if (sequence === undefined) counters.badFramesIn += 1;
    else inward.pass(sequence, "acknowledge");
  };
  const gone = (): void => {
    if (!isOpen) return;
    isOpen = false;
    outward.clear();
    inward.clear();
    options.onGone();
  };

  ws.on("message", (bytes) => read(bytes as Buffer));
  ws.on("ping", (bytes: Buffer) => {
    counters.pings += 1;
    if (!isDeaf()) ws.pong(bytes);
  });
  ws.on("close", gone);
  ws.on("error", gone);
  socket.on("drain", options.onRoom);

  return {
    send: (wire, kind) => {
      if (isOpen) outward.pass(wire, kind);
    },
    get backlogBytes() {
      return socket.writableLength + outward.heldBytes;
    },
    pauseReading: () => ws.pause(),
    resumeReading: () => ws.resume(),
    deafen() {
      isDeafened = true;
    },
    close(code, reason) {
      if (!isOpen) return;
      gone();
      ws.resume();
      ws.close(code, reason);
    },
    cut,
  };
}

/** About what a frame that acknowledges weighs. */
const acknowledgeBytes = 300;

const kindOf = (messageType: string): FrameKind => (messageType === "input_stream_data" ? "stream" : "service");
