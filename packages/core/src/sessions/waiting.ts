import { abortReason, type Clock, type Timer } from "../clock.js";
import { ColloquyError, type ErrorCode, type SessionState } from "../contract/index.js";
import type { SessionRecord } from "../store/store.js";
import type { Supervisor } from "./supervisor.js";

export interface WaitOptions {
  /** In milliseconds. Default: no limit. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Resolves when the session is in one of the states; rejects at once when none of them can be reached any more. */
export function waitForState(
  supervisor: Supervisor,
  clock: Clock,
  states: readonly SessionState[],
  options: WaitOptions = {},
): Promise<SessionState> {
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    let unsubscribe = (): void => {};
    const finish = (settle: () => void): void => {
      timer?.cancel();
      unsubscribe();
      options.signal?.removeEventListener("abort", onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(abortReason(options.signal as AbortSignal)));
    const look = (): boolean => {
      const { stopped, record } = supervisor;
      const { state } = record.lifecycle;
      if (stopped) finish(() => reject(stopped));
      else if (states.includes(state)) finish(() => resolve(state));
      else if (!states.some((wanted) => supervisor.canReach(wanted)))
        finish(() => reject(unreachable(supervisor.record, states)));
      else return false;
      return true;
    };
    if (options.signal?.aborted) return onAbort();
    if (look()) return;
    unsubscribe = supervisor.onChange(look);
    options.signal?.addEventListener("abort", onAbort, { once: true });
    if (options.timeoutMs !== undefined)
      timer = clock.setTimer(clock.now() + options.timeoutMs, () =>
        finish(() => reject(timedOut(supervisor.record, states, options.timeoutMs ?? 0))),
      );
  });
}

const codeOfReason: Readonly<Record<string, ErrorCode>> = {
  identity_mismatch: "IDENTITY_MISMATCH",
  pairing_timeout: "PAIRING_TIMEOUT",
  pairing_cancelled: "PAIRING_CANCELLED",
};

/** Says why a wait is over for good, with the most telling code. */
export function unreachable(record: SessionRecord, states: readonly SessionState[]): ColloquyError {
  const { state, reason, cause, health } = record.lifecycle;
  const userAction = cause?.userAction ?? health.userAction;
  return new ColloquyError({
    code: (reason && codeOfReason[reason]) || "STATE_UNREACHABLE",
    message: `The session is ${state}${reason ? ` (${reason})` : ""} and cannot become ${states.join(" or ")} without a new command.`,
    sessionId: record.id,
    providerId: record.providerId,
    ...(userAction === undefined ? {} : { userAction }),
  });
}

function timedOut(record: SessionRecord, states: readonly SessionState[], timeoutMs: number): ColloquyError {
  return new ColloquyError({
    code: "WAIT_TIMEOUT",
    message: `The session is still ${record.lifecycle.state} after ${timeoutMs} ms; awaited: ${states.join(" or ")}.`,
    sessionId: record.id,
    providerId: record.providerId,
  });
}
