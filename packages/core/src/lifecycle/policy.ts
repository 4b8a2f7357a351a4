import type { ProviderTimings, ProviderTraits } from "../contract/index.js";

/** How a session comes back after a drop. All durations in milliseconds. */
export interface ReconnectPolicy {
  /** First delay. Default 1,000. */
  readonly baseMs: number;
  /** Longest delay. Default 60,000. */
  readonly capMs: number;
  /** Part of the delay that is random, 0 to 1: delay × (1 − jitter … 1). Default 0.5. */
  readonly jitter: number;
  /** Drops of class `bounded` in a row before `failed`. Default 6. Drops of class `transient` have no ceiling. */
  readonly boundedAttempts: number;
  /** Codes shown in one pairing before it ends as `unlinked(pairing_timeout)`. Default 8. */
  readonly pairingAttempts: number;
}

export const defaultReconnectPolicy: ReconnectPolicy = {
  baseMs: 1_000,
  capMs: 60_000,
  jitter: 0.5,
  boundedAttempts: 6,
  pairingAttempts: 8,
};

/** What a transition may look at beside snapshot and event. Keeps `transition` pure. */
export interface TransitionContext {
  readonly nowMs: number;
  /** Uniform in [0, 1), drawn by the caller: used for jitter only. */
  readonly chance: number;
  readonly traits: ProviderTraits;
  readonly timings: ProviderTimings;
  readonly policy: ReconnectPolicy;
}
