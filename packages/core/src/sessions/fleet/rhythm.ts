import type { Clock, Timer } from "../../clock.js";

/** Runs again and again, never twice at once, `everyMs` after the last run ended. */
export interface Rhythm {
  /** Runs now, or right after the run under way. */
  hurry(): void;
  /** Resolves when the run under way is over; none follows. */
  stop(): Promise<void>;
}

/** `run` must not reject. */
export function rhythm(clock: Clock, everyMs: () => number, run: () => Promise<void>): Rhythm {
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let isHurried = false;
  let isOver = false;

  const go = (): void => {
    timer?.cancel();
    timer = undefined;
    isHurried = false;
    running = run().finally(() => {
      running = undefined;
      if (isOver) return;
      if (isHurried) go();
      else timer = clock.setTimer(clock.now() + everyMs(), go);
    });
  };
  timer = clock.setTimer(clock.now(), go);

  return {
    hurry() {
      if (isOver) return;
      if (running) isHurried = true;
      else go();
    },
    async stop() {
      isOver = true;
      timer?.cancel();
      await running;
    },
  };
}
