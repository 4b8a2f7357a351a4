import type { EmulatorClock } from "../../src/index.js";

export interface VirtualClock extends EmulatorClock {
  /** Moves time on and runs the timers that come due, in order. */
  advance(ms: number): void;
}

/** Time that only moves when a test says so. */
export function virtualClock(startMs: number = Date.UTC(2026, 7, 21, 12)): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  const timers = new Set<{ atMs: number; order: number; run: () => void }>();
  return {
    now: () => nowMs,
    setTimer(atMs, run) {
      const timer = { atMs, order: order++, run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const [due] = [...timers]
          .filter((timer) => timer.atMs <= endMs)
          .toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
        if (due === undefined) break;
        timers.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.run();
      }
      nowMs = endMs;
    },
  };
}
