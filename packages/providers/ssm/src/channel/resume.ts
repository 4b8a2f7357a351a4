import type { Clock } from "../clock.js";

/**
 * Asks for a new token for a session whose connection is lost. Undefined: the session is over.
 * The signal is aborted when the answer would come too late.
 */
export type Resume = (sessionId: string, signal: AbortSignal) => Promise<{ readonly token: string } | undefined>;

/** Asks, and rejects when no answer comes in time: also when whoever is asked ignores the signal. */
export async function askForToken(
  resume: Resume,
  sessionId: string,
  clock: Clock,
  deadlineMs: number,
): Promise<{ readonly token: string } | undefined> {
  const tooLate = new AbortController();
  const timer = clock.setTimer(clock.now() + deadlineMs, () => tooLate.abort());
  try {
    return await Promise.race([resume(sessionId, tooLate.signal), rejectedWhenAborted(tooLate.signal)]);
  } finally {
    timer.cancel();
  }
}

function rejectedWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(new Error("No answer to the request for a new token in time."));
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
