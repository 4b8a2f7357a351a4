import type {
  Cause,
  ChallengeKind,
  ClosingGoal,
  Health,
  Identity,
  InstantMs,
  Intent,
  Restriction,
  SessionState,
} from "../contract/index.js";

/** Absolute deadlines, so that a restored snapshot can arm them again without knowing how long it slept. */
export type TimerName =
  | "connectDeadline"
  | "pairingDeadline"
  | "challengeDue"
  | "ttlDue"
  | "livenessDue"
  | "reconnectDue"
  | "closeDeadline"
  | "resumeDue";

/** The pairing under way. The artefact itself is not kept here: it is a secret with a short life. */
export interface PairingProgress {
  readonly kind: ChallengeKind;
  /** Counts the codes of this pairing, from 1. */
  readonly attempt: number;
  readonly issuedAtMs: InstantMs;
  readonly expiresAtMs: InstantMs;
}

/** All that the lifecycle knows of one session. Plain JSON; `version` lets an old one be migrated. */
export interface LifecycleSnapshot {
  readonly version: 1;
  readonly state: SessionState;
  /** Why it is in this state, a stable word such as `pairing_timeout`. */
  readonly reason?: string;
  readonly cause?: Cause;
  readonly since: InstantMs;
  readonly intent: Intent;
  /** Starts at 1; `restart` adds one. */
  readonly incarnation: number;
  /** Counts openings. What an older opening still reports is stale and moves nothing. */
  readonly generation: number;
  /** Reconnect attempts since the last `connected`, 0 when none. */
  readonly attempt: number;
  /** Drops of class `bounded` since the last `connected`. */
  readonly boundedDrops: number;
  /** True while somebody consumes challenges; released on leaving `pairing`. */
  readonly pairingConsumer: boolean;
  readonly pairing?: PairingProgress;
  readonly closingGoal?: ClosingGoal;
  readonly suspendedBy?: "caller" | "provider";
  readonly untilMs?: InstantMs;
  readonly expectedIdentity?: string;
  readonly identity?: Identity;
  readonly health: Health;
  readonly restrictions: readonly Restriction[];
  /** When `connected` was last proven by the provider. */
  readonly provenAtMs?: InstantMs;
  readonly timers: Readonly<Partial<Record<TimerName, InstantMs>>>;
}

/** The snapshot of a session that was just made. */
export function newSnapshot(
  nowMs: InstantMs,
  options: { readonly expectedIdentity?: string; readonly ttlMs?: number } = {},
): LifecycleSnapshot {
  return {
    version: 1,
    state: "created",
    since: nowMs,
    intent: "none",
    incarnation: 1,
    generation: 0,
    attempt: 0,
    boundedDrops: 0,
    pairingConsumer: false,
    ...(options.expectedIdentity === undefined ? {} : { expectedIdentity: options.expectedIdentity }),
    health: { status: "unknown", signals: [] },
    restrictions: [],
    timers: options.ttlMs === undefined ? {} : { ttlDue: nowMs + options.ttlMs },
  };
}
