import type { TurnRing } from "./fair-queue.js";
import type { Permit, Resource } from "./resource.js";

/** Places for requests in flight. Frees by answers, never by time. */
export class Concurrency implements Resource, Permit {
  readonly #limit: number;
  #inFlight = 0;
  waiting: TurnRing<unknown> | undefined = undefined;
  wakeAtMs: number = Number.POSITIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  freeAt(nowMs: number): number {
    return this.#inFlight < this.#limit ? nowMs : Number.POSITIVE_INFINITY;
  }

  /** All places are alike, so one object stands for every permit. */
  take(): Permit {
    this.#inFlight++;
    return this;
  }

  settle(): void {
    this.#inFlight--;
  }
}
