import { abortReason, type Clock } from "../../clock.js";

/** Resolves with the work, or when the time is over, whichever comes first. */
export function withinMs(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(clock.now() + ms, resolve);
    const finish = (): void => {
      timer.cancel();
      resolve();
    };
    work.then(finish, finish);
  });
}

export function rejectedWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    signal.addEventListener("abort", () => reject(abortReason(signal)), { once: true });
  });
}
