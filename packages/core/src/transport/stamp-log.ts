/** A window is kept in at most so many steps, so that a log of a day stays small. Rounding up costs under 0.1 % of it. */
const stepsPerWindow = 1_024;

export interface StampLogJson {
  readonly times: readonly number[];
  readonly counts: readonly number[];
  readonly stepBeganAtMs: number;
}

/**
 * When the provider counted our requests, oldest first. Instants close together share one step, which takes the later
 * instant: it never says that a request was counted earlier than it was.
 */
export class StampLog {
  static from({ times, counts, stepBeganAtMs }: StampLogJson): StampLog {
    const log = new StampLog();
    log.#times = [...times];
    log.#counts = [...counts];
    log.#stepBeganAtMs = stepBeganAtMs;
    log.#total = counts.reduce((sum, count) => sum + count, 0);
    return log;
  }

  #times: number[] = [];
  #counts: number[] = [];
  /** When the newest step began: a chain of joins must not make one step of everything. */
  #stepBeganAtMs = 0;
  #total = 0;

  toJson(): StampLogJson {
    return { times: this.#times, counts: this.#counts, stepBeganAtMs: this.#stepBeganAtMs };
  }

  /** How many are in the log. */
  get total(): number {
    return this.#total;
  }

  add(atMs: number, windowMs: number): void {
    this.#total++;
    const last = this.#times.length - 1;
    let place = last;
    while (place >= 0 && (this.#times[place] as number) > atMs) place--;
    if (place >= 0 && place === last && atMs - this.#stepBeganAtMs < windowMs / stepsPerWindow) {
      this.#times[place] = atMs;
      (this.#counts[place] as number)++;
      return;
    }
    if (place === last) this.#stepBeganAtMs = atMs;
    this.#times.splice(place + 1, 0, atMs);
    this.#counts.splice(place + 1, 0, 1);
  }

  /** Drops what was counted at or before `atMs`. */
  forgetUntil(atMs: number): void {
    let gone = 0;
    while (gone < this.#times.length && (this.#times[gone] as number) <= atMs)
      this.#total -= this.#counts[gone++] as number;
    if (gone === 0) return;
    if (gone === this.#times.length) {
      // New arrays: an idle session should not keep room for its busiest hour.
      this.#times = [];
      this.#counts = [];
      return;
    }
    this.#times.splice(0, gone);
    this.#counts.splice(0, gone);
  }

  /** The instant of the `nth` oldest, from 1. */
  instantOf(nth: number): number {
    let passed = 0;
    for (let place = 0; place < this.#times.length; place++) {
      passed += this.#counts[place] as number;
      if (passed >= nth) return this.#times[place] as number;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** How many were counted at or before `atMs`. */
  countUntil(atMs: number): number {
    let count = 0;
    for (let place = 0; place < this.#times.length && (this.#times[place] as number) <= atMs; place++)
      count += this.#counts[place] as number;
    return count;
  }

  /** How many were counted after `atMs`. */
  countAfter(atMs: number): number {
    let count = 0;
    for (let place = this.#times.length - 1; place >= 0 && (this.#times[place] as number) > atMs; place--)
      count += this.#counts[place] as number;
    return count;
  }

  /** Each counted instant, oldest first. */
  *instants(): Generator<number> {
    for (const [place, atMs] of this.#times.entries())
      for (let one = 0; one < (this.#counts[place] as number); one++) yield atMs;
  }
}
