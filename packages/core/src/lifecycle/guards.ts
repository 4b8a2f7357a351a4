import { causePolicies } from "./causes.js";
import type { LifecycleEvent } from "./events.js";
import { isExpectedIdentity } from "./identity.js";
import type { TransitionContext } from "./policy.js";
import type { LifecycleSnapshot } from "./snapshot.js";

/** All that a guard may look at. */
export interface Facts {
  readonly snapshot: LifecycleSnapshot;
  readonly event: LifecycleEvent;
  readonly context: TransitionContext;
}

export type QuestionName =
  | "intent"
  | "cause"
  | "budget"
  | "identity"
  | "consumer"
  | "codes"
  | "code"
  | "retry"
  | "restart"
  | "goal"
  | "proof"
  | "link"
  | "pairingTime"
  | "suspending"
  | "restarting";

/** A guard names one question and the answers it accepts; two rows cannot both match when they share a question and no answer. */
export interface Question {
  readonly answers: readonly string[];
  readonly ask: (facts: Facts) => string;
}

const yesNo = (yes: string, no: string, holds: (facts: Facts) => boolean): Question => ({
  answers: [yes, no],
  ask: (facts) => (holds(facts) ? yes : no),
});

export const questions: Readonly<Record<QuestionName, Question>> = {
  // `none` counts as wanted: such a session was brought online by the provider itself, and nobody objected.
  intent: yesNo("wanted", "unwanted", ({ snapshot }) => snapshot.intent !== "offline" && snapshot.intent !== "closed"),
  cause: {
    answers: ["transient", "bounded", "progress", "yield", "fatal", "unknown"],
    ask: ({ event }) =>
      event.type === "dropped" && Object.hasOwn(causePolicies, event.cause.class) ? event.cause.class : "unknown",
  },
  budget: yesNo("left", "gone", ({ snapshot, context }) => snapshot.boundedDrops < context.policy.boundedAttempts),
  // An account that was not named cannot be judged, unless the one known so far is already the wrong one.
  identity: yesNo("ok", "mismatch", ({ snapshot, event }) => {
    const identity = (event.type === "opened" ? event.identity : undefined) ?? snapshot.identity;
    return (
      snapshot.expectedIdentity === undefined ||
      identity === undefined ||
      isExpectedIdentity(snapshot.expectedIdentity, identity)
    );
  }),
  consumer: yesNo("present", "absent", ({ snapshot }) => snapshot.pairingConsumer),
  codes: yesNo(
    "left",
    "gone",
    ({ snapshot, context }) => (snapshot.pairing?.attempt ?? 0) < context.policy.pairingAttempts,
  ),
  code: yesNo("valid", "spent", ({ snapshot, context }) => (snapshot.pairing?.expiresAtMs ?? 0) > context.nowMs),
  retry: yesNo("pending", "idle", ({ snapshot }) => snapshot.timers.reconnectDue !== undefined),
  restart: yesNo(
    "repeated",
    "first",
    ({ snapshot }) => snapshot.state === "connecting" && snapshot.reason === "restart_required",
  ),
  goal: yesNo("unlink", "terminate", ({ snapshot }) => snapshot.closingGoal === "unlink"),
  proof: yesNo(
    "fresh",
    "old",
    ({ snapshot, context }) =>
      snapshot.provenAtMs !== undefined && snapshot.provenAtMs + context.timings.livenessMs > context.nowMs,
  ),
  link: yesNo(
    "known",
    "unknown",
    ({ snapshot }) =>
      snapshot.provenAtMs !== undefined || snapshot.reason === "post_pairing" || snapshot.reason === "restart_required",
  ),
  pairingTime: yesNo("left", "past", ({ snapshot, context }) => (snapshot.timers.pairingDeadline ?? 0) > context.nowMs),
  suspending: yesNo("harmless", "unpairs", ({ context }) => !context.traits.disconnectUnpairs),
  restarting: yesNo("allowed", "impossible", ({ context }) => context.traits.canRestart),
};

export type GuardName =
  | "wanted"
  | "unwanted"
  | "transient"
  | "bounded"
  | "progress"
  | "yielding"
  | "fatal"
  | "retryable"
  | "budgetLeft"
  | "budgetGone"
  | "identityOk"
  | "identityMismatch"
  | "watched"
  | "unwatched"
  | "codesLeft"
  | "codesGone"
  | "codeValid"
  | "noRetryPending"
  | "firstRestart"
  | "restartRepeated"
  | "goalUnlink"
  | "goalTerminate"
  | "proofFresh"
  | "proofOld"
  | "linkKnown"
  | "linkUnknown"
  | "pairingTimeLeft"
  | "pairingTimePast"
  | "suspendingHarmless"
  | "restartable";

export interface Guard {
  readonly question: QuestionName;
  readonly accepts: readonly string[];
  /** As the documentation says it. */
  readonly means: string;
  /** The word in `Transition.note` when nothing was done because of this guard. */
  readonly otherwise: string;
}

const guard = (
  question: QuestionName,
  accepts: string | readonly string[],
  means: string,
  otherwise: string,
): Guard => ({
  question,
  accepts: typeof accepts === "string" ? [accepts] : accepts,
  means,
  otherwise,
});

export const guards: Readonly<Record<GuardName, Guard>> = {
  wanted: guard("intent", "wanted", "intent is not `offline` or `closed`", "not_wanted"),
  unwanted: guard("intent", "unwanted", "intent is `offline` or `closed`", "wanted"),
  transient: guard("cause", "transient", "cause is transient", "cause"),
  bounded: guard("cause", "bounded", "cause is bounded", "cause"),
  progress: guard("cause", "progress", "cause is progress", "cause"),
  yielding: guard("cause", "yield", "cause is yield", "cause"),
  fatal: guard("cause", "fatal", "cause is fatal", "cause"),
  retryable: guard("cause", ["transient", "bounded", "progress"], "cause is transient, bounded or progress", "cause"),
  budgetLeft: guard("budget", "left", "fewer than `boundedAttempts` bounded drops so far", "budget_gone"),
  budgetGone: guard("budget", "gone", "`boundedAttempts` bounded drops so far", "budget_left"),
  identityOk: guard(
    "identity",
    "ok",
    "the account is the expected one, or none is expected or named",
    "identity_mismatch",
  ),
  identityMismatch: guard("identity", "mismatch", "the account is not the expected one", "identity_ok"),
  watched: guard("consumer", "present", "somebody consumes challenges", "no_consumer"),
  unwatched: guard("consumer", "absent", "nobody consumes challenges", "consumer_present"),
  codesLeft: guard("codes", "left", "fewer than `pairingAttempts` codes shown", "codes_gone"),
  codesGone: guard("codes", "gone", "`pairingAttempts` codes shown", "codes_left"),
  codeValid: guard("code", "valid", "the code shown has not expired yet", "duplicate"),
  noRetryPending: guard("retry", "idle", "no attempt is scheduled already", "retry_pending"),
  firstRestart: guard("restart", "first", "not a restart asked for while restarting", "restart_repeated"),
  restartRepeated: guard("restart", "repeated", "asked for while restarting already", "first_restart"),
  goalUnlink: guard("goal", "unlink", "closing in order to unlink", "goal_terminate"),
  goalTerminate: guard("goal", "terminate", "closing in order to terminate", "goal_unlink"),
  proofFresh: guard("proof", "fresh", "proven within `livenessMs`", "proof_old"),
  proofOld: guard("proof", "old", "not proven within `livenessMs`", "proof_fresh"),
  linkKnown: guard("link", "known", "an account is known to be linked", "link_unknown"),
  linkUnknown: guard("link", "unknown", "no account is known to be linked", "link_known"),
  pairingTimeLeft: guard("pairingTime", "left", "the pairing deadline is ahead", "pairing_time_past"),
  pairingTimePast: guard("pairingTime", "past", "the pairing deadline has passed", "pairing_time_left"),
  suspendingHarmless: guard("suspending", "harmless", "disconnecting does not unpair", "disconnect_unpairs"),
  restartable: guard("restarting", "allowed", "the provider can restart", "cannot_restart"),
};
