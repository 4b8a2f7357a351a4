import type { Timer } from "../../clock.js";
import type { InstantMs } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import type { AskEntry } from "./ask-entry.js";
import { dueOf } from "./nudges.js";
import type { OpenAsks } from "./open-asks.js";

// ASSUMED, all of them: soon enough for somebody who looks on, seldom enough for a person who sleeps on it.
const firstLookMs = 2_000;
const longestLookMs = 30_000;
const mostLooksAtOnce = 8;

/** When each question is looked at: one timer and one loop over all of them. */
export class LookSchedule {
  readonly #open: OpenAsks;
  readonly #look: (entry: AskEntry) => Promise<AskRow | undefined>;
  #armed: { readonly atMs: InstantMs; readonly timer: Timer } | undefined;
  /** Marked as busy, and to be looked at in this order. */
  readonly #ready: AskEntry[] = [];
  #looking = 0;

  /** `look` gives how the question stands after it; undefined when it is over. */
  constructor(open: OpenAsks, look: (entry: AskEntry) => Promise<AskRow | undefined>) {
    this.#open = open;
    this.#look = look;
  }

  /** Looks as soon as may be. */
  soon(entry: AskEntry): void {
    if (this.#open.signal.aborted) return;
    if (entry.isBusy) {
      entry.isWoken = true;
      return;
    }
    entry.isBusy = true;
    this.#ready.push(entry);
    this.#lookOn();
  }

  nextAtMs(row: AskRow, looks: number): InstantMs {
    const { remindAtMs, escalateAtMs } = dueOf(row);
    const lookAtMs = this.#open.runtime.clock.now() + this.#pauseMs(looks);
    return Math.min(lookAtMs, row.question.deadlineAtMs, remindAtMs, escalateAtMs);
  }

  arm(atMs: InstantMs): void {
    if (this.#armed && this.#armed.atMs <= atMs) return;
    this.#armed?.timer.cancel();
    const timer = this.#open.runtime.clock.setTimer(atMs, () => {
      this.#armed = undefined;
      this.#tick();
    });
    this.#armed = { atMs, timer };
  }

  stop(): void {
    this.#armed?.timer.cancel();
  }

  #tick(): void {
    if (this.#open.signal.aborted) return;
    const nowMs = this.#open.runtime.clock.now();
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const entry of this.#open.entries.values())
      if (entry.dueAtMs <= nowMs) this.soon(entry);
      else if (!entry.isBusy) earliestMs = Math.min(earliestMs, entry.dueAtMs);
    if (Number.isFinite(earliestMs)) this.arm(earliestMs);
  }

  /** A few at a time. */
  #lookOn(): void {
    while (this.#looking < mostLooksAtOnce) {
      const entry = this.#ready.shift();
      if (!entry) return;
      this.#looking += 1;
      void this.#lookAt(entry);
    }
  }

  async #lookAt(entry: AskEntry): Promise<void> {
    entry.isWoken = false;
    try {
      const row = await this.#look(entry);
      if (row) entry.dueAtMs = this.nextAtMs(row, entry.looks++);
    } catch (error) {
      this.#open.report(entry.id, error);
      entry.dueAtMs = this.#open.runtime.clock.now() + this.#pauseMs(entry.looks++);
    }
    entry.isBusy = false;
    this.#looking -= 1;
    if (this.#open.entries.get(entry.id) === entry) {
      if (entry.isWoken) this.soon(entry);
      else this.arm(entry.dueAtMs);
    }
    this.#lookOn();
  }

  /** Doubles from look to look, with a tenth of chance to either side. */
  #pauseMs(looks: number): number {
    const { host, runtime } = this.#open;
    const firstMs = host.provider.facets.ask?.pollMs ?? firstLookMs;
    const longestMs = Math.max(firstMs, longestLookMs);
    return Math.min(longestMs, firstMs * 2 ** Math.min(looks, 30)) * (0.9 + runtime.random() * 0.2);
  }
}
