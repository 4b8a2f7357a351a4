import Bottleneck from "bottleneck";
import type { Clock, Timer } from "../clock.js";

/** Runs the gate's wake-ups. There is at most one waiting per transport, however many requests are queued. */
export interface WakeScheduler {
  /** Runs once at `atMs`, never before; `urgent` goes before other wake-ups that are due together. */
  at(atMs: number, urgent: boolean, run: () => void): Timer;
  close(): Promise<void>;
}

/** Plain timers of the clock: what unit tests use, so that virtual time rules. */
export function clockWake(clock: Clock): WakeScheduler {
  return { at: (atMs, _urgent, run) => clock.setTimer(atMs, run), close: async () => {} };
}

/**
 * A Bottleneck job yields through `setTimeout` before it starts, about 2.3 ms whatever its settings. The job is handed over
 * this much early, room for a busy process, and waits for the exact instant inside, so the yields cost no pacing.
 */
const handOverMs = 15;

/**
 * One Bottleneck job per wake-up, never one per request: a job costs more than a whole exchange.
 * Give a limiter of your own to run the wake-ups under its settings, for example a cluster that other programs share.
 */
export function bottleneckWake(clock: Clock, limiter: Bottleneck = new Bottleneck()): WakeScheduler {
  let isClosed = false;
  return {
    at(atMs, urgent, run) {
      let timer: Timer | undefined;
      let isCancelled = false;
      const isDead = (): boolean => isCancelled || isClosed;
      const job = (): Promise<void> =>
        new Promise((resolve) => {
          const finish = (): void => {
            if (!isDead()) run();
            resolve();
          };
          if (isDead() || atMs <= clock.now()) finish();
          else timer = clock.setTimer(atMs, finish);
          release = resolve;
        });
      let release = (): void => {};
      const handOver = (): void => {
        if (isDead()) return;
        // A stopped or failing limiter (a cluster that lost its Redis) must not stop the queue: then the clock alone wakes it.
        limiter.schedule({ priority: urgent ? 0 : 5 }, job).catch(() => {
          if (!isDead()) timer = clock.setTimer(atMs, run);
        });
      };
      // Sooner than a job could begin: it belongs to the wake-up that is just over, as the permits of one burst do.
      if (atMs - clock.now() <= handOverMs) timer = clock.setTimer(atMs, () => !isDead() && run());
      else timer = clock.setTimer(atMs - handOverMs, handOver);
      return {
        cancel: () => {
          isCancelled = true;
          timer?.cancel();
          release();
        },
      };
    },
    // The limiter is left alone: it may be the caller's, and one of our own holds nothing without jobs.
    close: async () => {
      isClosed = true;
    },
  };
}
