import { Cancellation } from "../cancellation.js";
import type { Clock } from "../clock.js";
import { abortReason } from "../clock.js";
import { ColloquyError, type InstantMs, type Priority } from "../contract/index.js";
import type { OutboxRow } from "../store/store.js";
import { createDeferred, type Deferred } from "./deferred.js";
import type { SentMessage } from "./sent-message.js";

/** One message on its way through this process. */
export interface OutboxJob {
  readonly row: OutboxRow;
  readonly settled: Deferred<SentMessage>;
  /** Somebody awaits it, so a dead end must be told instead of waited out. */
  readonly isAwaited: boolean;
  /** Among all that its session accepted in this process, questions too. */
  readonly order: number;
  readonly deadlineAtMs?: InstantMs;
  /** Ends the exchange, with the reason. On the wire its fate may be unknown then. */
  readonly recall: Cancellation;
  /** Of the session when this process last took the message in hand; undefined where nobody runs the session. */
  epoch: number | undefined;
  /** Its row is `sending`: the provider may have it. */
  isOnTheWire: boolean;
  /** It left, and its operation may be repeated: an abort then leaves open whether it arrived. */
  mayBeThere: boolean;
  /** How often it came back unsent. */
  returns: number;
}

export function newJob(row: OutboxRow, options: Pick<OutboxJob, "isAwaited" | "order" | "deadlineAtMs">): OutboxJob {
  return {
    ...options,
    row,
    settled: createDeferred(),
    recall: new Cancellation(),
    epoch: undefined,
    isOnTheWire: false,
    mayBeThere: false,
    returns: 0,
  };
}

const rank: Readonly<Record<Priority, number>> = { urgent: 0, normal: 1, bulk: 2 };

export function precedes(earlier: OutboxJob, later: OutboxJob): boolean {
  const byPriority = rank[earlier.row.priority] - rank[later.row.priority];
  return byPriority < 0 || (byPriority === 0 && earlier.row.seq < later.row.seq);
}

/** Tells when a job's caller gave up or its time is over, until the job is settled. */
export function watch(
  job: OutboxJob,
  clock: Clock,
  signal: AbortSignal | undefined,
  onEnd: (state: "cancelled" | "failed", why: Error) => void,
): void {
  const onAbort = (): void => onEnd("cancelled", abortReason(signal as AbortSignal));
  const onDeadline = (): void => onEnd("failed", tooLate(job.row));
  const timer = job.deadlineAtMs === undefined ? undefined : clock.setTimer(job.deadlineAtMs, onDeadline);
  signal?.addEventListener("abort", onAbort, { once: true });
  const forget = (): void => {
    timer?.cancel();
    signal?.removeEventListener("abort", onAbort);
  };
  job.settled.promise.then(forget, forget);
}

export function unknownAfterCrash(row: OutboxRow): ColloquyError {
  return new ColloquyError({
    code: "OUTCOME_UNKNOWN",
    message: `Message ${row.id} was being sent when its process ended; whether it arrived is not known.`,
    sessionId: row.sessionId,
  });
}

export function alreadyTaken(row: OutboxRow): ColloquyError {
  return new ColloquyError({
    code: "SESSION_TAKEN_OVER",
    message: `Message ${row.id} was taken by another process.`,
    sessionId: row.sessionId,
    outcome: "unknown",
  });
}

function tooLate(row: OutboxRow): ColloquyError {
  return new ColloquyError({
    code: "DEADLINE_EXCEEDED",
    message: `Message ${row.id} could not leave in the time given.`,
    sessionId: row.sessionId,
  });
}
