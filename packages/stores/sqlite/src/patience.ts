import { setTimeout as pause } from "node:timers/promises";
import { kindOf } from "./failure.js";

const leastPauseMs = 1;
const mostPauseMs = 4;
// Of the second and the later pauses: who was refused again is one of several, or waits for something long.
const mostScale = 4;

/**
 * Repeats what finds the database locked, until `mostMs` have passed; then fails as the last attempt did. SQLite's own waiting is
 * turned off: it stops the event loop, and is left out where a lock is for recovery, for changing the journal mode or for the
 * last connection's closing. The pauses differ, so that processes that wait for each other do not meet again; shorter ones
 * let them alternate with each write, at which four processes get half as much done.
 */
export async function patiently<T>(mostMs: number, run: () => T): Promise<T> {
  let giveUpAtMs: number | undefined;
  let scale = 1;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (kindOf(error) !== "busy") throw error;
      giveUpAtMs ??= performance.now() + mostMs;
      if (performance.now() >= giveUpAtMs) throw error;
    }
    await pause(scale * (leastPauseMs + Math.random() * (mostPauseMs - leastPauseMs)));
    scale = Math.min(mostScale, 2 * scale);
  }
}
