import type { Clock, Timer } from "../clock.js";

interface Scheduled {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Time that moves only when told. Nothing sleeps, so a year passes in a moment. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms`, running every timer that falls due, in order, and letting promises settle between them. */
  advance(ms: number): Promise<void>;
  /** Runs timers, however far away, until `done` answers true or no timer is left; then lets promises settle. */
  runUntil(done: () => boolean, options?: { readonly limitMs?: number }): Promise<void>;
  /** How many timers are armed. */
  readonly armed: number;
}

/** Lets all promise reactions run, also those that pass through a macrotask. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** `startMs` defaults to 1,700,000,000,000 (November 2023). */
export function virtualClock(startMs = 1_700_000_000_000): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  const scheduled = new Set<Scheduled>();

  const earliest = (): Scheduled | undefined => {
    let best: Scheduled | undefined;
    for (const entry of scheduled)
      if (!best || entry.atMs < best.atMs || (entry.atMs === best.atMs && entry.order < best.order)) best = entry;
    return best;
  };

  const runOne = async (entry: Scheduled): Promise<void> => {
    scheduled.delete(entry);
    nowMs = Math.max(nowMs, entry.atMs);
    if (!entry.cancelled) entry.run();
    await settle();
  };

  return {
    now: () => nowMs,
    setTimer(atMs, run): Timer {
      const entry: Scheduled = { atMs, order: order++, run, cancelled: false };
      scheduled.add(entry);
      return {
        cancel: () => {
          entry.cancelled = true;
          scheduled.delete(entry);
        },
      };
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let next = earliest(); next && next.atMs <= untilMs; next = earliest()) await runOne(next);
      nowMs = untilMs;
      await settle();
    },
    async runUntil(done, options = {}) {
      const untilMs = nowMs + (options.limitMs ?? 365 * 86_400_000);
      await settle();
      for (let next = earliest(); !done() && next && next.atMs <= untilMs; next = earliest()) await runOne(next);
      await settle();
    },
    get armed() {
      return scheduled.size;
    },
  };
}
