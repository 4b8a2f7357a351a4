import type { Clock, Timer } from "../clock.js";
import type { TimerName } from "../lifecycle/snapshot.js";

type Deadlines = Readonly<Partial<Record<TimerName, number>>>;

/** Keeps one clock timer for the earliest of a session's absolute deadlines. */
export class TimerSet {
  readonly #clock: Clock;
  readonly #onDue: (name: TimerName) => void;
  #deadlines: Deadlines = {};
  #armed: { readonly atMs: number; readonly timer: Timer } | undefined;

  constructor(clock: Clock, onDue: (name: TimerName) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  arm(deadlines: Deadlines): void {
    this.#deadlines = deadlines;
    const atMs = Math.min(...Object.values(deadlines).filter((value) => value !== undefined));
    if (this.#armed?.atMs === atMs) return;
    this.#armed?.timer.cancel();
    this.#armed = Number.isFinite(atMs) ? { atMs, timer: this.#clock.setTimer(atMs, () => this.#fire()) } : undefined;
  }

  clear(): void {
    this.arm({});
  }

  #fire(): void {
    this.#armed = undefined;
    const nowMs = this.#clock.now();
    const due = (Object.entries(this.#deadlines) as [TimerName, number][]).filter(([, atMs]) => atMs <= nowMs);
    // What is due was handed over; the transition that follows arms what comes next.
    this.#deadlines = Object.fromEntries(Object.entries(this.#deadlines).filter(([, atMs]) => (atMs ?? 0) > nowMs));
    for (const [name] of due.toSorted(([, a], [, b]) => a - b)) this.#onDue(name);
    this.arm(this.#deadlines);
  }
}
