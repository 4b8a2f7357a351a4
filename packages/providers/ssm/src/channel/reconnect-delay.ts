import type { Random } from "../clock.js";

const firstDelayMs = 100;
// Genuine agents wait at most 5 s; clients stop trying before they would reach it.
const longestDelayMs = 5000;

/** How long to wait before attempt `attempt` (from 0): 100 to 199 ms, doubled each time, at most 5 s to 9.95 s. */
export function reconnectDelayMs(attempt: number, random: Random): number {
  const jitter = 1 + Math.floor(random() * 100) / 100;
  return Math.round(Math.min(longestDelayMs, firstDelayMs * 2 ** attempt) * jitter);
}
