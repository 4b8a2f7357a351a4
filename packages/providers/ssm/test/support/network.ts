import type { VirtualClock } from "@colloquy/core/testing";
import type { DialFrameSocket, FrameSocket, FrameSocketEvents } from "../../src/channel/frame-socket.js";

/** What happens to a frame between the two ends. Acknowledgements have their own weather. */
export interface Weather {
  /** Of frames of the stream, 0 to 1. */
  readonly dropped: number;
  readonly duplicated: number;
  readonly acknowledgementsLost: number;
  /** Each copy takes between these many ms, so frames overtake each other. */
  readonly shortestMs: number;
  readonly longestMs: number;
}

export const fairWeather: Weather = {
  dropped: 0,
  duplicated: 0,
  acknowledgementsLost: 0,
  shortestMs: 5,
  longestMs: 5,
};

/** The far end of one connection. */
export interface FarEnd {
  send(frame: Buffer): void;
  close(code?: number): void;
}

export interface Gateway {
  onConnection(far: FarEnd, url: string): void;
  onText(far: FarEnd, text: string): void;
  onFrame(far: FarEnd, bytes: Buffer): void;
  onClosed(far: FarEnd): void;
}

/** Connections in virtual time. Frames are delivered a millisecond at a time, so a stream needs few timers. */
export class VirtualNetwork {
  weather: Weather = fairWeather;
  /** The next so many dials fail. */
  refusals = 0;
  refusalStatus: number | undefined;
  answersPings = true;
  pings = 0;
  dials: string[] = [];
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #gateway: Gateway;
  #open: { readonly cut: () => void } | undefined;
  readonly #due: Map<number, (() => void)[]> = new Map();

  constructor(clock: VirtualClock, random: () => number, gateway: Gateway) {
    this.#clock = clock;
    this.#random = random;
    this.#gateway = gateway;
  }

  /** The connection is gone; what was under way is lost. */
  cut(): void {
    this.#open?.cut();
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  readonly dial: DialFrameSocket = (url, events) => {
    this.dials.push(url);
    return this.#connect(url, events);
  };

  #connect(url: string, events: FrameSocketEvents): FrameSocket {
    let isOpen = false;
    let isClosed = false;
    const close = (error?: Error, status?: number): void => {
      if (isClosed) return;
      isClosed = true;
      const wasOpen = isOpen;
      isOpen = false;
      this.#open = undefined;
      if (wasOpen) this.#gateway.onClosed(far);
      events.onClose({ ...(error && { error }), ...(status !== undefined && { status }) });
    };
    const far: FarEnd = {
      send: (frame) => this.#carry(frame, (bytes) => isOpen && events.onFrame(bytes)),
      close: () => this.#in(1, () => close()),
    };
    const isRefused = this.refusals > 0;
    if (isRefused) this.refusals--;
    this.#in(2, () => {
      if (isRefused) return close(new Error("connection refused"), this.refusalStatus);
      if (isClosed) return;
      isOpen = true;
      this.#open = { cut: () => close(new Error("connection reset")) };
      this.#gateway.onConnection(far, url);
      events.onOpen();
    });
    return {
      send: (frame) => {
        if (typeof frame === "string") this.#in(5, () => isOpen && this.#gateway.onText(far, frame));
        else this.#carry(Buffer.from(frame), (bytes) => isOpen && this.#gateway.onFrame(far, bytes));
      },
      ping: () => {
        this.pings++;
        if (this.answersPings) this.#in(5, () => isOpen && events.onPong());
      },
      close: () => this.#in(1, () => close()),
      terminate: () => close(),
      bufferedBytes: 0,
    };
  }

  #carry(frame: Buffer, deliver: (bytes: Buffer) => void): void {
    const { dropped, duplicated, acknowledgementsLost } = this.weather;
    const isAck = frame.toString("latin1", 4, 15) === "acknowledge";
    const copies = this.#random() < duplicated ? 2 : 1;
    for (let copy = 0; copy < copies; copy++)
      if (this.#random() >= (isAck ? acknowledgementsLost : dropped)) this.#in(this.#travelMs(), () => deliver(frame));
  }

  #travelMs(): number {
    const { shortestMs, longestMs } = this.weather;
    return shortestMs + Math.floor(this.#random() * (longestMs - shortestMs + 1));
  }

  #in(delayMs: number, run: () => void): void {
    const atMs = this.#clock.now() + delayMs;
    const waiting = this.#due.get(atMs);
    if (waiting) return void waiting.push(run);
    const list = [run];
    this.#due.set(atMs, list);
    this.#clock.setTimer(atMs, () => {
      this.#due.delete(atMs);
      for (const one of list) one();
    });
  }
}
