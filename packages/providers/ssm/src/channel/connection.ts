import { type ColloquyError, isColloquyError } from "@colloquy/core/contract";
import type { Clock, Random, Timer } from "../clock.js";
import { encodeOpenMessage } from "../codec/controls.js";
import type { MessageIds } from "../codec/message-id.js";
import { ssmError } from "../errors.js";
import type { DialFrameSocket, FrameSocket, FrameSocketClosure } from "./frame-socket.js";
import { Liveness } from "./liveness.js";
import { reconnectDelayMs } from "./reconnect-delay.js";
import { askForToken, type Resume } from "./resume.js";

export interface ConnectionTimings {
  /** From dialling to an open WebSocket. */
  readonly connectDeadlineMs: number;
  /** How long a lost connection is tried again before the session counts as failed. */
  readonly reconnectWindowMs: number;
  readonly pingIntervalMs: number;
  /** Without a pong or any frame for this long after a ping the connection counts as lost. */
  readonly pongDeadlineMs: number;
}

export interface ConnectionOptions {
  readonly sessionId: string;
  readonly url: string;
  readonly token: string;
  readonly clientId: string;
  readonly clientVersion: string;
  readonly dial: DialFrameSocket;
  readonly resume: Resume | undefined;
  readonly timings: ConnectionTimings;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: MessageIds;
  /** Told of each answered ping. */
  readonly onAlive?: () => void;
}

/** Why there is no connection now, and when the next attempt is. */
export interface ConnectionTrouble {
  /** `silent`: no pong; `token`: none to be had; else the socket was closed, or never opened. */
  readonly kind: "closed" | "silent" | "token" | "not_opened";
  /** The WebSocket close code, when there was one. */
  readonly code?: number;
  /** Holds no token. */
  readonly error?: unknown;
  /** 1 is the first after a connection that worked. */
  readonly attempt: number;
  readonly retryInMs: number;
}

export interface ConnectionEvents {
  /** The open message is on its way: frames may follow. */
  onUp(): void;
  onDown(): void;
  onTrouble(trouble: ConnectionTrouble): void;
  onFrame(bytes: Buffer): void;
  onDrain(): void;
  /** No token any more: the session is over. */
  onGone(): void;
  /** Given up. */
  onLost(error: ColloquyError): void;
}

// A first connect that is answered so will not be answered better the next time.
const refusals: ReadonlySet<number> = new Set([400, 401, 403, 404, 410]);

/** One connection after the other for one session: the same URL and client id each time, a new token after the first. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #liveness: Liveness;
  #socket: FrameSocket | undefined;
  #generation = 0;
  #token: string;
  #isUp = false;
  #isClosed = false;
  #wasEverUp = false;
  #attempt = 0;
  #downSinceMs: number;
  #timer: Timer | undefined;
  #lastError: unknown;
  #whenClosed: (() => void) | undefined;
  #mayReconnect = true;
  #isSilent = false;
  /** How often a connection came up. */
  connectCount = 0;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#token = options.token;
    this.#downSinceMs = options.clock.now();
    this.#liveness = new Liveness(options.clock, options.timings, {
      ping: () => this.#socket?.ping(),
      onAlive: () => {
        this.#attempt = 0;
        options.onAlive?.();
      },
      onDead: () => {
        this.#isSilent = true;
        this.#socket?.terminate();
      },
    });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedBytes ?? 0;
  }

  start(): void {
    this.#dial();
  }

  /** Dropped silently while the connection is down: what matters is sent again. */
  send(frame: Buffer): void {
    if (this.#isUp) this.#socket?.send(frame);
  }

  /** Says goodbye. Resolves once the socket is closed; nothing is dialled any more. */
  close(): Promise<void> {
    const wasClosed = this.#isClosed;
    this.#stop();
    if (wasClosed || !this.#socket) return Promise.resolve();
    const socket = this.#socket;
    return new Promise((resolve) => {
      this.#whenClosed = resolve;
      socket.close();
    });
  }

  /** The other side is about to close for good: let it. */
  expectClose(): void {
    this.#mayReconnect = false;
  }

  /** The last thing that went wrong. */
  get lastError(): unknown {
    return this.#lastError;
  }

  abort(): void {
    this.#stop();
    this.#socket?.terminate();
  }

  #stop(): void {
    this.#isClosed = true;
    this.#isUp = false;
    this.#timer?.cancel();
    this.#liveness.stop();
  }

  #dial(): void {
    const generation = ++this.#generation;
    const { clock, dial, timings, url } = this.#options;
    const isCurrent = (): boolean => generation === this.#generation;
    this.#timer = clock.setTimer(clock.now() + timings.connectDeadlineMs, () => this.#socket?.terminate());
    this.#socket = dial(url, {
      onOpen: () => isCurrent() && this.#onOpen(),
      onFrame: (bytes) => isCurrent() && this.#onFrame(bytes),
      onPong: () => isCurrent() && this.#liveness.heard(),
      onDrain: () => isCurrent() && this.#events.onDrain(),
      onClose: (closure) => isCurrent() && this.#onClose(closure),
    });
  }

  #onOpen(): void {
    if (this.#isClosed) return;
    const { clientId, clientVersion, ids } = this.#options;
    this.#timer?.cancel();
    this.#isUp = true;
    this.#wasEverUp = true;
    this.connectCount++;
    this.#socket?.send(encodeOpenMessage({ requestId: ids.nextText(), token: this.#token, clientId, clientVersion }));
    this.#liveness.start();
    this.#events.onUp();
  }

  #onFrame(bytes: Buffer): void {
    this.#liveness.heard();
    // A peer that talks, or stays, proves the connection: one that closes at once must not be dialled in a tight loop.
    this.#attempt = 0;
    this.#events.onFrame(bytes);
  }

  #onClose({ code, error, status }: FrameSocketClosure): void {
    this.#generation++;
    this.#socket = undefined;
    this.#timer?.cancel();
    this.#liveness.stop();
    if (this.#isClosed) return this.#whenClosed?.();
    if (error) this.#lastError = error;
    if (!this.#wasEverUp && status !== undefined && refusals.has(status)) return this.#refused(status);
    const kind = this.#isSilent ? "silent" : this.#isUp ? "closed" : "not_opened";
    this.#isSilent = false;
    if (this.#isUp) {
      this.#isUp = false;
      if (this.#attempt === 0) this.#downSinceMs = this.#options.clock.now();
      this.#events.onDown();
    }
    this.#tryAgain({ kind, ...(code !== undefined && { code }), ...(error && { error }) });
  }

  #tryAgain(why: Pick<ConnectionTrouble, "kind" | "code" | "error">): void {
    if (this.#isClosed || !this.#mayReconnect) return;
    const { clock, random, resume, timings } = this.#options;
    if (this.#wasEverUp && !resume) return this.#giveUp("The connection is lost and no `resume` was given.");
    if (clock.now() - this.#downSinceMs >= timings.reconnectWindowMs)
      return this.#giveUp(`No connection within ${timings.reconnectWindowMs} ms, after ${this.#attempt} attempts.`);
    const delayMs = reconnectDelayMs(this.#attempt++, random);
    this.#events.onTrouble({ ...why, attempt: this.#attempt, retryInMs: delayMs });
    this.#timer = clock.setTimer(clock.now() + delayMs, () => void this.#reconnect());
  }

  async #reconnect(): Promise<void> {
    const { clock, resume, sessionId, timings } = this.#options;
    if (!this.#wasEverUp || !resume) return this.#dial();
    const generation = this.#generation;
    const isStale = (): boolean => this.#isClosed || generation !== this.#generation;
    try {
      const resumed = await askForToken(resume, sessionId, clock, timings.connectDeadlineMs);
      if (isStale()) return;
      if (!resumed) return this.#end(() => this.#events.onGone());
      this.#token = resumed.token;
      this.#dial();
    } catch (error) {
      if (isStale()) return;
      this.#lastError = error;
      if (isColloquyError(error) && error.code === "REMOTE_NOT_FOUND") return this.#end(() => this.#events.onGone());
      this.#tryAgain({ kind: "token", error });
    }
  }

  #refused(status: number): void {
    const error = ssmError({
      code: "CREDENTIAL_REJECTED",
      message: `The gateway answered the upgrade with ${status}.`,
      sessionId: this.#options.sessionId,
      status,
      cause: this.#lastError,
    });
    this.#end(() => this.#events.onLost(error));
  }

  #giveUp(message: string): void {
    const error = ssmError({
      code: "NETWORK_UNREACHABLE",
      message,
      sessionId: this.#options.sessionId,
      outcome: this.#wasEverUp ? "unknown" : "not_attempted",
      cause: this.#lastError,
    });
    this.#end(() => this.#events.onLost(error));
  }

  #end(tell: () => void): void {
    this.#stop();
    tell();
  }
}
