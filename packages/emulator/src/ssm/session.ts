import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { EmulatorTimer } from "../clock.js";
import { type Conversation, createConversation } from "./agent/conversation.js";
import type { Assignment } from "./agent/documents.js";
import type { EncryptionContext } from "./api/kms.js";
import { createLink, type Link } from "./channel/link.js";
import { createReceiver, type Receiver } from "./channel/receiver.js";
import { createSender, type Sender } from "./channel/sender.js";
import { serviceFrame } from "./channel/service-frame.js";
import type { Frame } from "./codec/frame.js";
import { noCounts, type SsmCounters } from "./counters.js";
import type { Stage } from "./stage.js";

export type SsmSessionState = "created" | "connected" | "disconnected" | "terminating" | "terminated";

/** One session: its agent, its numbering on both ways, and the connection that carries it now. */
export interface SsmSession {
  readonly id: string;
  readonly document: string;
  readonly target: string;
  readonly assignment: Assignment;
  readonly startedAtMs: number;
  readonly tokens: Set<string>;
  readonly counters: SsmCounters;
  readonly conversation: Conversation;
  readonly sender: Sender;
  readonly state: SsmSessionState;
  readonly isPaused: boolean;
  /** The client has shown its token. An older connection is closed. */
  connect(ws: WebSocket, socket: Duplex): void;
  /** Asks the client to pause, or to go on. */
  setPaused(isPaused: boolean): void;
  closeConnection(code: number, reason: string): void;
  cut(): void;
  deafen(): void;
  /** Ends what runs, and closes the channel when all has been acknowledged. */
  terminate(output?: string): void;
  /** Ends everything without a word. */
  destroy(): void;
}

export interface SessionOptions {
  id: string;
  document: string;
  target: string;
  assignment: Assignment;
  stage: Stage;
  openKey: (sealed: Uint8Array, context: EncryptionContext) => Promise<Uint8Array | undefined>;
}

const normalClosure = 1_000;

export function createSession(options: SessionOptions): SsmSession {
  const { id, stage } = options;
  const counters = noCounts();
  let state: SsmSessionState = "created";
  let link: Link | undefined;
  let isPaused = false;
  let isReadingPaused = false;
  /** Why the session ended: the text of `channel_closed`. */
  let farewell = "";
  let drainLimit: EmulatorTimer | undefined;
  let linkTimers: EmulatorTimer[] = [];

  const conversation = createConversation({
    stage,
    counters,
    assignment: options.assignment,
    sessionId: id,
    targetId: options.target,
    sender: () => sender,
    openKey: options.openKey,
    end: (output) => finish(output),
    pauseInput() {
      isReadingPaused = true;
      link?.pauseReading();
    },
    resumeInput() {
      if (!isReadingPaused) return;
      isReadingPaused = false;
      link?.resumeReading();
    },
    retryInput: () => receiver.retry(),
  });
  const sender: Sender = createSender({
    stage,
    counters,
    link: () => link,
    seal: (type, bytes) => conversation.seal(type, bytes),
    onRoom: () => conversation.roomAgain(),
    onDrained() {
      if (state === "terminating") closeChannel();
    },
  });
  const receiver: Receiver = createReceiver({
    stage,
    counters,
    link: () => link,
    deliver: (frame) => conversation.deliver(frame),
  });

  const finish = (output: string): void => {
    if (state === "terminated" || state === "terminating") return;
    state = "terminating";
    farewell = output;
    // Nobody may be stopped from saying that all has arrived.
    isReadingPaused = false;
    link?.resumeReading();
    if (sender.isDrained) closeChannel();
    else drainLimit = stage.timers.after(stage.dials.drainLimitMs, closeChannel);
  };
  const closeChannel = (): void => {
    drainLimit?.cancel();
    state = "terminated";
    if (link !== undefined) sayGoodbye(link);
  };
  const sayGoodbye = (to: Link): void => {
    to.send(serviceFrame("channel_closed", stage, { sessionId: id, output: farewell }), "service");
    // After what is on its way, however slow the weather.
    const waitMs = stage.dials.latencyMs + goodbyeMs;
    stage.timers.after(waitMs, () => to.close(normalClosure, "Bye"));
  };
  const take = (frame: Frame): void => {
    if (frame.messageType !== "input_stream_data") {
      counters.badFramesIn += 1;
      return;
    }
    const framesBefore = counters.framesIn + counters.earlyFramesIn;
    receiver.take(frame);
    if (isPaused && counters.framesIn + counters.earlyFramesIn > framesBefore) counters.framesWhilePaused += 1;
  };
  const lose = (): void => {
    for (const timer of linkTimers) timer.cancel();
    linkTimers = [];
    link = undefined;
    isPaused = false;
    if (state === "connected") state = "disconnected";
  };
  const setPaused = (wanted: boolean): void => {
    isPaused = wanted;
    const type = wanted ? "pause_publication" : "start_publication";
    link?.send(serviceFrame(type, stage, { sessionId: id }), "service");
  };
  /** What the dials say will happen to a connection. They are read when it opens. */
  const planWeather = (current: Link): void => {
    const { closeEveryMs, cutEveryMs, pauseEveryMs, pauseForMs } = stage.dials;
    const later = (delayMs: number | null, run: () => void): void => {
      if (delayMs !== null) linkTimers.push(stage.timers.after(delayMs, run));
    };
    later(closeEveryMs, () => current.close(normalClosure, "Bye"));
    later(cutEveryMs, () => current.cut());
    const pause = (): void => {
      setPaused(true);
      later(pauseForMs, () => {
        setPaused(false);
        later(pauseEveryMs, pause);
      });
    };
    later(pauseEveryMs, pause);
  };

  return {
    ...options,
    startedAtMs: stage.clock.now(),
    tokens: new Set(),
    counters,
    conversation,
    sender,
    get state() {
      return state;
    },
    get isPaused() {
      return isPaused;
    },
    connect(ws, socket) {
      link?.close(normalClosure, "Bye");
      const opened = createLink({
        ws,
        socket,
        stage,
        counters,
        onFrame: take,
        onAcknowledged: (sequence) => sender.acknowledged(sequence),
        onRoom: () => sender.pump(),
        onGone() {
          if (link === opened) lose();
        },
      });
      link = opened;
      counters.connections += 1;
      if (isReadingPaused) opened.pauseReading();
      if (state === "terminated") return sayGoodbye(opened);
      planWeather(opened);
      if (state === "terminating") return sender.resume();
      const isFirst = state === "created";
      state = "connected";
      if (isFirst) conversation.start();
      else sender.resume();
    },
    setPaused,
    closeConnection: (code, reason) => link?.close(code, reason),
    cut: () => link?.cut(),
    deafen: () => link?.deafen(),
    terminate(output = "") {
      if (state === "terminated") return;
      conversation.stop();
      finish(output);
    },
    destroy() {
      state = "terminated";
      conversation.stop();
      drainLimit?.cancel();
      link?.cut();
    },
  };
}

/** Between `channel_closed` and the end of the connection. ASSUMED: a client leaves by itself before. */
const goodbyeMs = 250;
