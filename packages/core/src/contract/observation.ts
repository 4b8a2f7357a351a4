import type { ChallengeProgress, IssuedChallenge } from "./challenge.js";
import type { Cause, ClosingGoal, Health, Identity, Intent, Restriction, SessionState } from "./state.js";
import type { JsonValue } from "./wire.js";

/** Something the provider said about a session, before it is understood. Plain data, so it can be logged and replayed. */
export interface RemoteSignal {
  /** How we learned it. */
  readonly source: "reply" | "probe" | "event" | "connection";
  /** The provider's own word, as it was spelled, for example `NEED_SCAN`. */
  readonly word: string;
  readonly challenge?: IssuedChallenge;
  readonly identity?: Identity;
  /** Anything else `interpret` wants to know. Redacted before it is logged. */
  readonly details?: Readonly<Record<string, JsonValue>>;
}

/** What `interpret` may know of the session: enough to give one word two meanings. */
export interface InterpretContext {
  readonly state: SessionState;
  readonly intent: Intent;
  /** True while somebody consumes challenges. */
  readonly pairing: boolean;
  readonly closingGoal?: ClosingGoal;
}

/** What a signal means. Core feeds it to the lifecycle; one that does not apply is recorded and changes nothing. */
export type Observation =
  | { readonly type: "challengeIssued"; readonly challenge: IssuedChallenge }
  | { readonly type: "challengeProgress"; readonly progress: ChallengeProgress }
  | { readonly type: "challengeExpired" }
  | { readonly type: "paired" }
  | { readonly type: "asked" }
  | { readonly type: "opened"; readonly identity?: Identity }
  | { readonly type: "dropped"; readonly cause: Cause }
  | { readonly type: "unlinked"; readonly reason: "logged_out" | "credentials_expired" }
  | { readonly type: "paused"; readonly reason: string; readonly untilMs?: number }
  | { readonly type: "answered" }
  | { readonly type: "rejectedRemote" }
  | { readonly type: "expiredRemote" }
  | { readonly type: "failedRemote"; readonly reason: string; readonly userAction?: string }
  | { readonly type: "remoteClosed" }
  | { readonly type: "notFound" }
  | { readonly type: "logoutAck" }
  | { readonly type: "restrictionChanged"; readonly restrictions: readonly Restriction[] }
  | { readonly type: "healthChanged"; readonly health: Health }
  | { readonly type: "unknownStatus"; readonly word: string };

export type ObservationType = Observation["type"];
