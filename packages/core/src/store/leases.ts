import type { InstantMs, SessionId } from "../contract/index.js";

/** Who runs a session. Times are by the store's own clock, so that two machines need not agree on theirs. */
export interface Lease {
  readonly sessionId: SessionId;
  /** The worker's id. */
  readonly owner: string;
  /** Grows each time the lease begins anew, with whichever owner; never falls, not even over release and expiry. */
  readonly epoch: number;
  /** How much was left when the store answered, in milliseconds. */
  readonly remainingMs: number;
}

/** One worker as the others see it. */
export interface Member {
  readonly owner: string;
  /** By the store's clock. */
  readonly joinedAtMs: InstantMs;
  /** What it says of itself: host, process id, how many sessions it may run. */
  readonly details: Readonly<Record<string, string | number>>;
}

export interface LeaseQuery {
  readonly owner?: string;
  /** Only what this worker was offered and has not taken yet. */
  readonly offeredTo?: string;
}

/** Which worker runs which session. A lease that is not renewed in time is free for anybody. */
export interface LeaseStore {
  /**
   * Takes what is free, has run out, is offered to `owner`, or is its own already (which renews it). Returns the leases that it
   * has now, in no certain order. What somebody else has, or was offered a moment ago, is left out. Unknown sessions are left out.
   */
  acquire(sessionIds: readonly SessionId[], owner: string, durationMs: number): Promise<readonly Lease[]>;
  /**
   * Takes the lease whoever has it, for a person's command: its worker finds out when it renews. Undefined for an unknown session.
   */
  seize(sessionId: SessionId, owner: string, durationMs: number): Promise<Lease | undefined>;
  /** Extends what `owner` still has under that epoch; returns those. One that is left out is lost for good. */
  renew(
    leases: readonly Pick<Lease, "sessionId" | "epoch">[],
    owner: string,
    durationMs: number,
  ): Promise<readonly Lease[]>;
  /**
   * Gives back what `owner` has under that epoch. With `offer`, only that worker may take them for `offer.forMs`; then anybody.
   */
  release(
    leases: readonly Pick<Lease, "sessionId" | "epoch">[],
    owner: string,
    offer?: { readonly to: string; readonly forMs: number },
  ): Promise<void>;
  /** Leases that have not run out; with `offeredTo`, offers that have not, as leases of the offered with their present epoch. */
  list(query?: LeaseQuery): Promise<readonly Lease[]>;
  /** Tells the others that this worker lives, for `durationMs` from now. */
  announce(owner: string, details: Member["details"], durationMs: number): Promise<void>;
  /** Workers whose announcement has not run out, by `joinedAtMs`, then `owner`. */
  members(): Promise<readonly Member[]>;
  /** Takes this worker's announcement back. Its leases stay until they are released or run out. */
  leave(owner: string): Promise<void>;
}
