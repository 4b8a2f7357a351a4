import { randomUUID } from "node:crypto";
import { type Clock, type Random, systemClock, systemRandom } from "../clock.js";
import { type FillRandom, systemFill } from "../codec/message-id.js";
import { ssmError } from "../errors.js";
import type { DataKeyProvider } from "../handshake/data-keys.js";
import { defaultClientVersion } from "../handshake/versions.js";
import type { ConnectionTrouble } from "./connection.js";
import type { DialFrameSocket } from "./frame-socket.js";
import type { Resume } from "./resume.js";
import type { StreamPosition } from "./stream-position.js";
import { type WebSocketOptions, webSocketDial } from "./web-socket.js";

export interface ChannelLimits {
  /** Unacknowledged frames of ours. Default and most: 10,000, which is what the peers keep themselves. */
  readonly windowFrames: number;
  /** Bytes of unacknowledged frames. Default 4 MiB: 40 MB/s over a path of 100 ms. */
  readonly windowBytes: number;
  /** Payload of one frame. Default 1024 bytes, as the genuine client sends; agents have been seen with no other. */
  readonly maxPayloadBytes: number;
  /** Frames kept because one before them is missing or nobody takes them yet. Default 10,000. */
  readonly receiveFrames: number;
  /** Their bytes. Default 8 MiB. */
  readonly receiveBytes: number;
}

/** All in milliseconds. */
export interface ChannelTimings {
  /** From dialling to an open WebSocket, and for one request for a new token. Default 45 s. */
  readonly connectDeadlineMs: number;
  /** From the start until the agent speaks and the handshake is done. Default 60 s. */
  readonly readyDeadlineMs: number;
  /** How long a lost connection is tried again before the session counts as failed. Default 10 minutes. */
  readonly reconnectWindowMs: number;
  /** Default 30 s. */
  readonly pingIntervalMs: number;
  /** Silence after a ping that counts as a lost connection. Default 15 s. */
  readonly pongDeadlineMs: number;
  /** No acknowledgement at all for this long, while connected and not paused, fails the session. Default 5 minutes. */
  readonly giveUpMs: number;
  /** How long `close` waits for the next acknowledgement, and for missing frames of a service that closes. Default 5 s. */
  readonly closeDeadlineMs: number;
}

export interface DataChannelOptions {
  /** Of the reply to StartSession. */
  readonly sessionId: string;
  /** Of the reply to StartSession: `ws://` or `wss://`, used unchanged. */
  readonly streamUrl: string;
  /** Of the reply to StartSession. */
  readonly tokenValue: string;
  /** Fetches a new token after a lost connection. Without it the first loss ends the session. */
  readonly resume?: Resume;
  /** Ends the session at the service, for `terminate`. */
  readonly terminate?: (sessionId: string) => Promise<void>;
  /** A UUID, the same for the whole session. Default: a fresh one. */
  readonly clientId?: string;
  /** Agents decide by it what they offer. Default 1.2.677.0. */
  readonly clientVersion?: string;
  /** The machine's id. Needed for encrypted sessions. */
  readonly target?: string;
  /** Makes the keys of encrypted sessions. */
  readonly dataKeys?: DataKeyProvider;
  readonly limits?: Partial<ChannelLimits>;
  readonly timings?: Partial<ChannelTimings>;
  /** Goes on with a stream that was closed cleanly, by its `position`: with the numbers that the agent expects. */
  readonly position?: StreamPosition;
  /** Told of each answered ping: the connection lives. */
  readonly onAlive?: () => void;
  /** Proxy agent and headers of the WebSocket. */
  readonly webSocket?: WebSocketOptions;
  /** Told of each lost connection and each failed attempt to replace it: for people who look for the cause. */
  readonly onTrouble?: (trouble: ConnectionTrouble) => void;
  /** Default: a WebSocket. */
  readonly dial?: DialFrameSocket;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Bytes of chance for ids and nonces. */
  readonly fillRandom?: FillRandom;
}

/** Every option decided. */
export interface ChannelSettings
  extends Required<
    Omit<DataChannelOptions, "resume" | "terminate" | "target" | "dataKeys" | "webSocket" | "position" | "onAlive">
  > {
  readonly position: StreamPosition | undefined;
  readonly onAlive: () => void;
  readonly resume: Resume | undefined;
  readonly target: string | undefined;
  readonly dataKeys: DataKeyProvider | undefined;
  readonly limits: ChannelLimits;
  readonly timings: ChannelTimings;
}

const mostWindowFrames = 10_000;

export const defaultLimits: ChannelLimits = {
  windowFrames: mostWindowFrames,
  windowBytes: 4 * 1024 * 1024,
  maxPayloadBytes: 1024,
  receiveFrames: 10_000,
  receiveBytes: 8 * 1024 * 1024,
};

// Those without a counterpart in the genuine client are ASSUMED.
export const defaultTimings: ChannelTimings = {
  connectDeadlineMs: 45_000,
  readyDeadlineMs: 60_000,
  reconnectWindowMs: 600_000,
  pingIntervalMs: 30_000,
  pongDeadlineMs: 15_000,
  giveUpMs: 300_000,
  closeDeadlineMs: 5000,
};

/** Throws `CONFIG_INVALID` for limits that cannot work. */
export function settle(options: DataChannelOptions): ChannelSettings {
  const limits = { ...defaultLimits, ...options.limits };
  for (const [name, value] of Object.entries(limits))
    if (!Number.isSafeInteger(value) || value < 1) throw invalid(`limits.${name} is a positive integer.`);
  if (limits.windowFrames > mostWindowFrames) throw invalid(`limits.windowFrames is at most ${mostWindowFrames}.`);
  return {
    sessionId: options.sessionId,
    streamUrl: options.streamUrl,
    tokenValue: options.tokenValue,
    resume: options.resume,
    target: options.target,
    dataKeys: options.dataKeys,
    onTrouble: options.onTrouble ?? (() => {}),
    position: options.position,
    onAlive: options.onAlive ?? (() => {}),
    clientId: options.clientId ?? randomUUID(),
    clientVersion: options.clientVersion ?? defaultClientVersion,
    limits,
    timings: { ...defaultTimings, ...options.timings },
    dial: options.dial ?? webSocketDial(options.webSocket),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    fillRandom: options.fillRandom ?? systemFill,
  };
}

const invalid = (message: string): Error => ssmError({ code: "CONFIG_INVALID", message });
