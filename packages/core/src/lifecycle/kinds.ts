import type { SessionState } from "../contract/index.js";
import type { LifecycleEventType } from "./events.js";

/** Active: something runs, under a deadline. Resting: nothing runs. Final: no way out within the incarnation. */
export type StateKind = "active" | "resting" | "final";

export const stateKinds: Readonly<Record<SessionState, StateKind>> = {
  created: "resting",
  connecting: "active",
  pairing: "active",
  waiting: "active",
  connected: "active",
  reconnecting: "active",
  closing: "active",
  suspended: "resting",
  unlinked: "resting",
  completed: "final",
  rejected: "final",
  expired: "final",
  failed: "final",
  terminated: "final",
};

export const sessionStates: readonly SessionState[] = Object.keys(stateKinds) as SessionState[];

/** On the way to `connected`, or there. */
export const liveStates: readonly SessionState[] = ["connecting", "connected", "reconnecting"];

export const nonFinalStates: readonly SessionState[] = sessionStates.filter((state) => stateKinds[state] !== "final");

export function isSessionState(value: unknown): value is SessionState {
  return typeof value === "string" && Object.hasOwn(stateKinds, value);
}

export function isFinal(state: SessionState): boolean {
  return stateKinds[state] === "final";
}

/** A command that does not apply is refused; everything else that does not apply is recorded. */
export type EventKind = "command" | "observation" | "timer" | "system";

export const eventKinds: Readonly<Record<LifecycleEventType, EventKind>> = {
  start: "command",
  pair: "command",
  cancelPairing: "command",
  suspend: "command",
  resume: "command",
  logout: "command",
  close: "command",
  restart: "command",
  challengeIssued: "observation",
  challengeProgress: "observation",
  challengeExpired: "observation",
  paired: "observation",
  asked: "observation",
  opened: "observation",
  dropped: "observation",
  unlinked: "observation",
  paused: "observation",
  answered: "observation",
  rejectedRemote: "observation",
  expiredRemote: "observation",
  failedRemote: "observation",
  remoteClosed: "observation",
  notFound: "observation",
  logoutAck: "observation",
  restrictionChanged: "observation",
  healthChanged: "observation",
  unknownStatus: "observation",
  connectDeadline: "timer",
  pairingDeadline: "timer",
  challengeDue: "timer",
  ttlDue: "timer",
  livenessDue: "timer",
  reconnectDue: "timer",
  closeDeadline: "timer",
  resumeDue: "timer",
  restored: "system",
};

export const eventTypes: readonly LifecycleEventType[] = Object.keys(eventKinds) as LifecycleEventType[];
