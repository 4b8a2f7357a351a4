import type { ProviderTimings, ProviderTraits } from "../../src/contract/index.js";
import type { LifecycleEvent } from "../../src/lifecycle/events.js";
import type { ReconnectPolicy, TransitionContext } from "../../src/lifecycle/policy.js";
import { type LifecycleSnapshot, newSnapshot } from "../../src/lifecycle/snapshot.js";
import { type Transition, transition } from "../../src/lifecycle/transition.js";

export const startMs = 1_700_000_000_000;

export const traits: ProviderTraits = {
  disconnectUnpairs: false,
  statePolling: true,
  hasTransport: false,
  canRestart: true,
};

export const timings: ProviderTimings = {
  connectDeadlineMs: 30_000,
  pairingDeadlineMs: 180_000,
  challengeLifetimeMs: 20_000,
  livenessMs: 90_000,
  closeDeadlineMs: 15_000,
  pollActiveMs: 2_000,
  pollConnectedMs: 30_000,
};

export const policy: ReconnectPolicy = {
  baseMs: 1_000,
  capMs: 60_000,
  jitter: 0.5,
  boundedAttempts: 2,
  pairingAttempts: 3,
};

export const at = (nowMs: number, changed: Partial<TransitionContext> = {}): TransitionContext => ({
  nowMs,
  chance: 0,
  traits,
  timings,
  policy,
  ...changed,
});

export const qr = { type: "challengeIssued", challenge: { kind: "qr", artefact: "made-up" } } as const;
export const opened = { type: "opened", identity: { id: "+15550100" } } as const;
export const dropped = (causeClass: "transient" | "bounded" | "progress" | "yield" | "fatal", untilMs?: number) =>
  ({
    type: "dropped",
    cause: { class: causeClass, reason: `${causeClass}_trouble`, ...(untilMs === undefined ? {} : { untilMs }) },
  }) as const;

/** What a scenario is written in: an event, or a number of milliseconds to pass, or a change of the snapshot by hand. */
export type Step =
  | LifecycleEvent
  | LifecycleEvent["type"]
  | number
  | ((snapshot: LifecycleSnapshot) => LifecycleSnapshot);

export interface Played extends Transition {
  readonly before: LifecycleSnapshot;
  readonly nowMs: number;
}

/** Plays steps from a new session on and returns the last transition. A timer written as a word jumps to its instant. */
export function play(
  steps: readonly Step[],
  options: { context?: Partial<TransitionContext>; snapshot?: LifecycleSnapshot } = {},
): Played {
  let snapshot = options.snapshot ?? newSnapshot(startMs);
  let nowMs = startMs;
  let last: Played | undefined;
  for (const step of steps) {
    if (typeof step === "number") nowMs += step;
    else if (typeof step === "function") snapshot = step(snapshot);
    else {
      const event = (typeof step === "string" ? { type: step } : step) as LifecycleEvent;
      const dueMs =
        typeof step === "string" ? (snapshot.timers as Readonly<Record<string, number | undefined>>)[step] : undefined;
      if (dueMs !== undefined) nowMs = Math.max(nowMs, dueMs);
      last = { ...transition(snapshot, event, at(nowMs, options.context)), before: snapshot, nowMs };
      snapshot = last.snapshot;
    }
  }
  if (!last) throw new TypeError("A scenario needs at least one event.");
  return last;
}

export const unwanted = (snapshot: LifecycleSnapshot): LifecycleSnapshot => ({ ...snapshot, intent: "offline" });
export const expecting =
  (expectedIdentity: string) =>
  (snapshot: LifecycleSnapshot): LifecycleSnapshot => ({ ...snapshot, expectedIdentity });
