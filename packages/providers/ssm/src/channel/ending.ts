import type { Clock, Timer } from "../clock.js";
import type { SessionEnd } from "./session-channel.js";

/** What has to be known to end well. */
export interface EndingState {
  /** Nothing of ours waits to be sent or acknowledged. */
  isIdle(): boolean;
  lastProgressAtMs(): number;
  /** All that came was taken. */
  isDelivered(): boolean;
  /** A frame is missing before others that are kept. */
  hasGap(): boolean;
  isUp(): boolean;
  hasConsumer(): boolean;
}

/**
 * The way to a session's end. Closing from here waits for acknowledgements, as long as they come. When the other side closes,
 * what it sent is delivered first, and for a while also what is still missing.
 */
export class Ending {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #state: EndingState;
  readonly #finish: (end: SessionEnd) => void;
  #end: SessionEnd | undefined;
  #isFromHere = false;
  #deadline: Timer | undefined;

  constructor(clock: Clock, deadlineMs: number, state: EndingState, finish: (end: SessionEnd) => void) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#state = state;
    this.#finish = finish;
  }

  get isUnderWay(): boolean {
    return this.#end !== undefined;
  }

  get isFromHere(): boolean {
    return this.#isFromHere;
  }

  /** Ends once everything is acknowledged, or nothing was for as long as the deadline. */
  closeFromHere(): void {
    this.#end ??= { reason: "closed_by_us", text: "" };
    this.#isFromHere = true;
    this.#waitForAcknowledgements(this.#clock.now());
  }

  /** Ends once everything is delivered. What is missing, or wanted by nobody, is waited for until the deadline only. */
  closeFromThere(end: SessionEnd): void {
    this.cancel();
    this.#end = end;
    this.#isFromHere = false;
    this.#deadline = this.#clock.setTimer(this.#clock.now() + this.#deadlineMs, () => {
      if (this.#state.hasGap() || !this.#state.hasConsumer()) this.#finish(end);
    });
    this.check();
  }

  /** To be called whenever something was delivered or acknowledged, or the connection was lost. */
  check(): void {
    if (!this.#end) return;
    const state = this.#state;
    const isDone = this.#isFromHere ? state.isIdle() : state.isDelivered() || (state.hasGap() && !state.isUp());
    if (isDone) this.#finish(this.#end);
  }

  cancel(): void {
    this.#deadline?.cancel();
  }

  #waitForAcknowledgements(sinceMs: number): void {
    this.cancel();
    const waitedMs = this.#clock.now() - Math.max(sinceMs, this.#state.lastProgressAtMs());
    if (waitedMs >= this.#deadlineMs && this.#end) return this.#finish(this.#end);
    const atMs = this.#clock.now() + this.#deadlineMs - waitedMs;
    this.#deadline = this.#clock.setTimer(atMs, () => this.#waitForAcknowledgements(sinceMs));
    this.check();
  }
}
