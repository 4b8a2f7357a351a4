import type { InstantMs, ProviderTraits, SessionState } from "../contract/index.js";
import type { ReconnectPolicy } from "./policy.js";
import type { TimerName } from "./snapshot.js";

export interface TimerRule {
  readonly timer: TimerName;
  readonly in: SessionState;
  /** `always`: the state must have it. `one_of`: exactly one timer of this state so marked. Otherwise: when. */
  readonly armed: "always" | "one_of" | "when_watched" | "after_a_drop" | "when_known";
  readonly due: string;
}

/**
 * Which state has which timer. `ttlDue` is not listed: any state that is not final may have it.
 * `when_watched`: the provider is polled or connected by us. Without either nothing could renew the proof, so `connected`
 * and `waiting` then hold as last proven, and the next call is the proof: the one exception to "active states have a timer".
 */
export const timerRules: readonly TimerRule[] = [
  { in: "connecting", timer: "connectDeadline", armed: "always", due: "`connectDeadlineMs` after the opening began" },
  { in: "pairing", timer: "pairingDeadline", armed: "always", due: "`pairingDeadlineMs` after the first code" },
  { in: "pairing", timer: "challengeDue", armed: "always", due: "when the code shown expires" },
  { in: "pairing", timer: "reconnectDue", armed: "after_a_drop", due: "after the backoff" },
  { in: "waiting", timer: "livenessDue", armed: "when_watched", due: "`livenessMs` after the last proof" },
  { in: "waiting", timer: "reconnectDue", armed: "after_a_drop", due: "after the backoff" },
  { in: "connected", timer: "livenessDue", armed: "when_watched", due: "`livenessMs` after the last proof" },
  { in: "reconnecting", timer: "reconnectDue", armed: "one_of", due: "after the backoff: the next attempt" },
  { in: "reconnecting", timer: "connectDeadline", armed: "one_of", due: "`connectDeadlineMs` after the attempt began" },
  { in: "closing", timer: "closeDeadline", armed: "always", due: "`closeDeadlineMs` after the command" },
  { in: "suspended", timer: "resumeDue", armed: "when_known", due: "at the end that the provider named" },
];

/** A timer may fire this much early: `setTimeout` and the wall clock do not agree to the millisecond. ASSUMED. */
export const earlyFireMs = 100;

/** Longest spread of the first attempts after a restart, so that many sessions do not open at one instant. ASSUMED. */
const restoreSpreadMs = 5_000;

/** Whether something of ours would renew the proof of life. */
export function isWatched(traits: ProviderTraits): boolean {
  return traits.statePolling || traits.hasTransport;
}

/** Delay before the attempt after `attempt` earlier ones: doubling, capped, with a random part. */
export function backoffMs(policy: ReconnectPolicy, attempt: number, chance: number): number {
  const fullMs = Math.min(policy.capMs, policy.baseMs * 2 ** attempt);
  return Math.round(fullMs * (1 - policy.jitter * chance));
}

export function restoreDelayMs(policy: ReconnectPolicy, chance: number): number {
  return Math.round(Math.min(restoreSpreadMs, policy.baseMs) * chance);
}

/** The timer that falls due first, if any. */
export function nextTimer(
  timers: Readonly<Partial<Record<TimerName, InstantMs>>>,
): { readonly name: TimerName; readonly atMs: InstantMs } | undefined {
  let next: { readonly name: TimerName; readonly atMs: InstantMs } | undefined;
  for (const [name, atMs] of Object.entries(timers) as [TimerName, InstantMs][])
    if (next === undefined || atMs < next.atMs) next = { name, atMs };
  return next;
}
