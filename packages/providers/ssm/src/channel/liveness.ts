import type { Clock, Timer } from "../clock.js";

export interface LivenessTimings {
  readonly pingIntervalMs: number;
  readonly pongDeadlineMs: number;
}

interface LivenessActions {
  ping(): void;
  /** Something came back: the connection has stood for a while. */
  onAlive(): void;
  /** Nothing came back in time. */
  onDead(): void;
}

/** Pings at once and then regularly. A pong or any frame proves the connection; silence after a ping ends it. */
export class Liveness {
  readonly #clock: Clock;
  readonly #timings: LivenessTimings;
  readonly #actions: LivenessActions;
  #timer: Timer | undefined;
  #wasHeard = false;

  constructor(clock: Clock, timings: LivenessTimings, actions: LivenessActions) {
    this.#clock = clock;
    this.#timings = timings;
    this.#actions = actions;
  }

  start(): void {
    this.stop();
    this.#beat();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  heard(): void {
    this.#wasHeard = true;
  }

  #beat(): void {
    this.#wasHeard = false;
    this.#actions.ping();
    this.#after(this.#timings.pongDeadlineMs, () => {
      if (!this.#wasHeard) return this.#actions.onDead();
      this.#actions.onAlive();
      this.#after(Math.max(0, this.#timings.pingIntervalMs - this.#timings.pongDeadlineMs), () => this.#beat());
    });
  }

  #after(delayMs: number, run: () => void): void {
    this.#timer = this.#clock.setTimer(this.#clock.now() + delayMs, run);
  }
}
