import type { StandingLine, TurnRing } from "./fair-queue.js";
import type { Permit, Resource } from "./resource.js";
import type { RoundTrip } from "./round-trip.js";

/** So many may be in flight however quick the answers are: whatever comes as a surprise meets no more. ASSUMED. */
const fewest = 4;

/** Over a longer way more are let go, so that the distance does not keep a session below this pace. ASSUMED. */
const requestsPerMs = 0.4;

/** Places for requests in flight. Frees by answers, never by time. */
export class Concurrency implements Resource, Permit {
  readonly #most: number;
  readonly #roundTrip: RoundTrip;
  #inFlight = 0;
  waiting: TurnRing<StandingLine> | undefined = undefined;
  lines = 0;
  wakeAtMs: number = Number.POSITIVE_INFINITY;

  constructor(most: number, roundTrip: RoundTrip) {
    this.#most = most;
    this.#roundTrip = roundTrip;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  freeAt(nowMs: number): number {
    const { isProven, minMs } = this.#roundTrip;
    const wanted = isProven ? Math.max(fewest, minMs * requestsPerMs) : fewest;
    return this.#inFlight < Math.min(this.#most, wanted) ? nowMs : Number.POSITIVE_INFINITY;
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
