import type { InstantMs, LimitScope, SessionId } from "../contract/index.js";

/** A session's requests began or ceased to wait for a rate limit. */
export interface Pacing {
  readonly state: "started" | "ended";
  /** Absent for calls on the whole account. */
  readonly sessionId?: SessionId;
  /** The allowance that they wait for, or waited for last. */
  readonly bucket: string;
  readonly scope: LimitScope;
  /** When the next of them may leave, as far as it is known. */
  readonly freeAtMs?: InstantMs;
}

export type OnPacing = (pacing: Pacing) => void;
