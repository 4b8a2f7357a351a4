import type { CancelSignal } from "./cancellation.js";
import type { Clock } from "./contract/clock.js";

export type { Clock, Timer } from "./contract/clock.js";

// setTimeout clamps longer delays to 1 ms, so a far instant is reached in several legs.
const longestLegMs = 2 ** 31 - 1;

/** The machine's clock. Its timers keep the process alive, as work that is under way should. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(atMs, run) {
    let handle: NodeJS.Timeout;
    const leg = (): void => {
      const leftMs = atMs - Date.now();
      handle = leftMs > longestLegMs ? setTimeout(leg, longestLegMs) : setTimeout(run, Math.max(0, leftMs));
    };
    leg();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `ms`, or rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal));
    const onAbort = (): void => {
      timer.cancel();
      reject(abortReason(signal as CancelSignal));
    };
    const timer = clock.setTimer(clock.now() + ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** What to throw for an aborted signal: its own reason when that is an error, otherwise an `AbortError`. */
export function abortReason(signal: CancelSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("The operation was aborted.", "AbortError");
}
