import type { Cause, ClosingGoal, Identity, InstantMs } from "../contract/index.js";
import { callFailureReasons } from "./causes.js";
import type { Effect } from "./effects.js";
import type { LifecycleEvent } from "./events.js";
import type { TransitionContext } from "./policy.js";
import type { LifecycleSnapshot, TimerName } from "./snapshot.js";
import { backoffMs, isWatched, restoreDelayMs } from "./timers.js";

/** The snapshot in the making: a private copy, so actions may write to it. */
export type Draft = { -readonly [Key in keyof LifecycleSnapshot]: LifecycleSnapshot[Key] } & {
  timers: Partial<Record<TimerName, InstantMs>>;
};

export interface Work {
  readonly draft: Draft;
  readonly effects: Effect[];
  readonly event: LifecycleEvent;
  readonly context: TransitionContext;
}

export type Action = (work: Work) => void;

export type ActionName =
  | "wantOnline"
  | "wantOffline"
  | "wantClosed"
  | "forgetLink"
  | "resetCounters"
  | "attachConsumer"
  | "detachConsumer"
  | "open"
  | "armConnect"
  | "issueCode"
  | "refreshCode"
  | "setIdentity"
  | "hintIdentity"
  | "markHealthy"
  | "heardAgain"
  | "prove"
  | "armLiveness"
  | "armLivenessAnew"
  | "noteCause"
  | "countBounded"
  | "countAttempt"
  | "armReconnect"
  | "armRestored"
  | "forgetRetry"
  | "byCaller"
  | "byProvider"
  | "forgetResume"
  | "suspendRemote"
  | "withdrawPairing"
  | "closeToUnlink"
  | "closeToTerminate"
  | "closeAgain"
  | "wipeCredentials"
  | "setHealth"
  | "setRestrictions"
  | "renewIncarnation"
  | "postponeTtl";

const finite = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined);

/** Whatever the present opening still reports is from now on stale. */
export function endGeneration({ draft, effects }: Work): void {
  draft.generation += 1;
  effects.push({ type: "abandon", beforeGeneration: draft.generation });
}

function closeRemote({ draft, effects, context }: Work, goal: ClosingGoal): void {
  draft.closingGoal = goal;
  effects.push({ type: "closeRemote", generation: draft.generation, goal });
  if ((draft.timers.closeDeadline ?? 0) <= context.nowMs)
    draft.timers.closeDeadline = context.nowMs + context.timings.closeDeadlineMs;
}

function armLiveness({ draft, context }: Work, provenAtMs: InstantMs): void {
  if (isWatched(context.traits)) draft.timers.livenessDue = provenAtMs + context.timings.livenessMs;
  else delete draft.timers.livenessDue;
}

const impliedReasons: Partial<Record<LifecycleEvent["type"], string>> = {
  connectDeadline: "timeout",
  livenessDue: "deaf",
  restored: "restored",
};

function causeOf(event: LifecycleEvent): Cause | undefined {
  if (event.type === "dropped") return event.cause;
  if (event.type === "paused")
    return { class: "yield", reason: event.reason, ...(event.untilMs === undefined ? {} : { untilMs: event.untilMs }) };
  if (event.type === "failedRemote")
    return {
      class: "fatal",
      reason: event.reason,
      ...(event.userAction === undefined ? {} : { userAction: event.userAction }),
    };
  const reason = impliedReasons[event.type];
  return reason === undefined ? undefined : { class: "transient", reason };
}

const challengeOf = (event: LifecycleEvent) => (event.type === "challengeIssued" ? event.challenge : undefined);
const identityOf = (event: LifecycleEvent): Identity | undefined =>
  event.type === "opened" ? event.identity : undefined;

export const actions: Readonly<Record<ActionName, Action>> = {
  wantOnline: ({ draft }) => {
    draft.intent = "online";
  },
  wantOffline: ({ draft }) => {
    draft.intent = "offline";
  },
  wantClosed: ({ draft }) => {
    draft.intent = "closed";
  },
  forgetLink: ({ draft }) => {
    delete draft.identity;
    delete draft.provenAtMs;
  },
  resetCounters: ({ draft }) => {
    draft.attempt = 0;
    draft.boundedDrops = 0;
  },
  attachConsumer: ({ draft }) => {
    draft.pairingConsumer = true;
  },
  detachConsumer: ({ draft }) => {
    draft.pairingConsumer = false;
    delete draft.pairing;
  },
  open: (work) => {
    endGeneration(work);
    const { draft, effects } = work;
    effects.push({ type: "open", generation: draft.generation, pairing: draft.pairingConsumer });
    delete draft.timers.reconnectDue;
  },
  armConnect: ({ draft, context }) => {
    draft.timers.connectDeadline = context.nowMs + context.timings.connectDeadlineMs;
  },
  issueCode: ({ draft, event, context: { nowMs, timings } }) => {
    const challenge = challengeOf(event);
    const lifetimeMs = finite(challenge?.lifetimeMs) ?? timings.challengeLifetimeMs;
    const expiresAtMs = nowMs + Math.max(0, lifetimeMs);
    const attempt = (draft.pairing?.attempt ?? 0) + 1;
    draft.pairing = { kind: challenge?.kind ?? "qr", attempt, issuedAtMs: nowMs, expiresAtMs };
    draft.timers.pairingDeadline ??= nowMs + timings.pairingDeadlineMs;
    draft.timers.challengeDue = expiresAtMs;
    delete draft.timers.reconnectDue;
  },
  refreshCode: ({ draft, effects, context: { nowMs, timings } }) => {
    effects.push({ type: "refreshChallenge", generation: draft.generation });
    if (draft.pairing) draft.pairing = { ...draft.pairing, expiresAtMs: Math.min(draft.pairing.expiresAtMs, nowMs) };
    // A refresh that brings nothing is asked for once more per lifetime, until the pairing's own deadline.
    draft.timers.challengeDue = nowMs + timings.challengeLifetimeMs;
  },
  setIdentity: ({ draft, event }) => {
    const identity = identityOf(event);
    if (identity) draft.identity = identity;
  },
  hintIdentity: ({ draft }) => {
    draft.health = {
      status: "degraded",
      signals: ["identity_mismatch"],
      userAction: "Unlink the account that was linked, then pair again with the expected one.",
    };
  },
  markHealthy: ({ draft }) => {
    draft.health = { status: "ok", signals: [] };
  },
  // Only what our own failed calls put in doubt: what the provider called amiss, the provider calls well again.
  heardAgain: ({ draft }) => {
    const signals = draft.health.signals.filter((signal) => !callFailureReasons.has(signal));
    if (signals.length === draft.health.signals.length) return;
    draft.health = signals.length === 0 ? { status: "ok", signals } : { ...draft.health, signals };
  },
  prove: (work) => {
    work.draft.provenAtMs = work.context.nowMs;
    armLiveness(work, work.context.nowMs);
  },
  armLiveness: (work) => armLiveness(work, work.draft.provenAtMs ?? work.context.nowMs),
  armLivenessAnew: (work) => armLiveness(work, work.context.nowMs),
  noteCause: ({ draft, event }) => {
    const cause = causeOf(event);
    if (cause) draft.cause = cause;
  },
  countBounded: ({ draft }) => {
    draft.boundedDrops += 1;
  },
  countAttempt: ({ draft }) => {
    draft.attempt += 1;
  },
  armReconnect: ({ draft, context }) => {
    const dueMs = context.nowMs + backoffMs(context.policy, draft.attempt, context.chance);
    draft.timers.reconnectDue = Math.max(dueMs, finite(draft.cause?.untilMs) ?? dueMs);
  },
  armRestored: ({ draft, context }) => {
    draft.timers.reconnectDue = context.nowMs + restoreDelayMs(context.policy, context.chance);
  },
  forgetRetry: ({ draft }) => {
    delete draft.timers.reconnectDue;
    delete draft.cause;
  },
  byCaller: ({ draft }) => {
    draft.suspendedBy = "caller";
  },
  byProvider: ({ draft, context }) => {
    draft.suspendedBy = "provider";
    const untilMs = finite(draft.cause?.untilMs);
    if (untilMs === undefined) return;
    draft.untilMs = untilMs;
    const isWanted = draft.intent !== "offline" && draft.intent !== "closed";
    if (isWanted) draft.timers.resumeDue = Math.max(untilMs, context.nowMs);
  },
  forgetResume: ({ draft }) => {
    delete draft.timers.resumeDue;
  },
  withdrawPairing: ({ draft, effects }) => {
    effects.push({ type: "withdrawPairing", generation: draft.generation });
  },
  suspendRemote: ({ draft, effects }) => {
    effects.push({ type: "suspendRemote", generation: draft.generation });
  },
  closeToUnlink: (work) => closeRemote(work, "unlink"),
  closeToTerminate: (work) => closeRemote(work, "terminate"),
  closeAgain: (work) => {
    endGeneration(work);
    closeRemote(work, work.draft.closingGoal ?? "terminate");
  },
  wipeCredentials: ({ effects }) => {
    effects.push({ type: "wipeCredentials" });
  },
  setHealth: ({ draft, event }) => {
    if (event.type === "healthChanged") draft.health = event.health;
  },
  setRestrictions: ({ draft, event }) => {
    if (event.type === "restrictionChanged") draft.restrictions = event.restrictions;
  },
  renewIncarnation: (work) => {
    const { draft } = work;
    endGeneration(work);
    draft.incarnation += 1;
    draft.intent = "none";
    draft.attempt = 0;
    draft.boundedDrops = 0;
    draft.health = { status: "unknown", signals: [] };
    draft.restrictions = [];
    delete draft.identity;
    delete draft.provenAtMs;
  },
  postponeTtl: ({ draft, context }) => {
    draft.timers.ttlDue = Math.max(draft.timers.closeDeadline ?? 0, context.nowMs) + 1;
  },
};
