import { ColloquyError } from "../contract/index.js";
import type { LifecycleEvent } from "../lifecycle/events.js";
import type { Transition } from "../lifecycle/transition.js";
import type { NewLogEntry, SessionRecord } from "../store/store.js";
import { type Evidence, evidenceOf } from "./evidence.js";
import type { SessionEvent } from "./session-event.js";

/** A renewed proof every half minute would drown the history, and taking over what rests is no news; the rest is worth a line. */
export function isWorthALine(event: LifecycleEvent, result: Transition): boolean {
  if (event.type === "restored" && result.disposition === "recorded") return false;
  return result.note !== "proof" && result.note !== "duplicate";
}

/** The line of the history; `before` is the record that the event met. */
export function logEntryOf(
  { id, epoch, lifecycle }: SessionRecord,
  event: LifecycleEvent,
  result: Transition,
  evidence: Evidence,
  nowMs: number,
): NewLogEntry {
  const reason = result.note ?? result.snapshot.reason;
  return {
    sessionId: id,
    atMs: nowMs,
    epoch,
    incarnation: result.snapshot.incarnation,
    event: event.type,
    from: lifecycle.state,
    to: result.snapshot.state,
    disposition: result.disposition,
    ...(reason === undefined ? {} : { reason }),
    ...evidenceOf(event, evidence),
  };
}

export function stateChangeOf(before: SessionRecord, { id, lifecycle }: SessionRecord): SessionEvent {
  const { state, reason, cause, attempt, timers } = lifecycle;
  return {
    type: "state",
    sessionId: id,
    atMs: lifecycle.since,
    from: before.lifecycle.state,
    to: state,
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
    ...(state === "reconnecting" ? { attempt } : {}),
    ...(timers.reconnectDue === undefined ? {} : { nextAttemptAtMs: timers.reconnectDue }),
  };
}

/** A command that does not apply. */
export function refusalOf(
  { id, providerId, lifecycle }: SessionRecord,
  event: LifecycleEvent,
  { note }: Transition,
): ColloquyError {
  const why = note ? ` (${note})` : "";
  return new ColloquyError({
    code: "COMMAND_REFUSED",
    message: `"${event.type}" does not apply to a session that is ${lifecycle.state}${why}.`,
    sessionId: id,
    providerId,
    operation: event.type,
  });
}
