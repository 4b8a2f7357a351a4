/** One limit that is shared. */
export interface SharedRule {
  readonly limit: number;
  readonly windowMs: number;
}

export interface WindowEnd {
  readonly windowMs: number;
  readonly atMs: number;
}

/** One look of a holder at the allowance that it shares: what became of its permits, and how many more it needs. */
export interface SharedCall {
  /** Whose allowance: provider, account or session, bucket. The same in every process that shares it. */
  readonly key: string;
  /** Who calls: one process, or one of several that it holds. Unique. */
  readonly holder: string;
  /** Counts this holder's calls of this key, rising. One that comes later than its successor changes nothing. */
  readonly turn: number;
  /** All must hold. At least one. */
  readonly rules: readonly SharedRule[];
  /** Of the last answer; absent when there was none. */
  readonly epoch?: string;
  /** For a state that this call has to begin. Unique to this call. */
  readonly newEpoch: string;
  /** Permits of this epoch that it has, unused or on their way. What it had and does not name any more comes back. */
  readonly holds: readonly number[];
  /** Instants by which the provider had surely counted a request. */
  readonly counted: readonly number[];
  /** How many more permits it could use. */
  readonly wanted: number;
  /** The provider asked not to come back before. */
  readonly notBeforeMs?: number;
  /** Of a window that is proven to be a fixed one: the provider forgets by then all that it counted in it. */
  readonly end?: WindowEnd;
  /**
   * A request that leaves so much before an instant is surely counted after it, if the other one that must be over by then was
   * this holder's own. The least of all holders holds, so that one with a slow line does not speak for a quick one. Default 0.
   */
  readonly sureMs?: number;
  /** How long ago its last request was counted, if any was: a state that does not know of it must be told first. */
  readonly sinceLastMs?: number;
  /** It sent without permits, as it could not reach the budget: the others are to wait until everybody has told. */
  readonly actedAlone?: boolean;
}

/** The right to one request, from `dueAtMs` on. */
export interface SharedPermit {
  readonly id: number;
  readonly dueAtMs: number;
}

export interface SharedAnswer {
  /** The budget's own clock. All instants of calls and answers are on it. */
  readonly nowMs: number;
  /** Another one than before: what the budget knew is gone, and the holder's permits with it. */
  readonly epoch: string;
  /** The budget does not know what this holder sent of late. Nothing was granted; call again with all of it in `counted`. */
  readonly mustTell: boolean;
  readonly permits: readonly SharedPermit[];
  /** Nobody may send before. */
  readonly notBeforeMs: number;
  /** When not all that was wanted was granted: worth asking again in so many milliseconds. */
  readonly askInMs: number;
  /** How many holders were seen of late, this one included. */
  readonly holderCount: number;
}

/**
 * An allowance that several processes spend of together. `exchange` is one atomic step on one key. It may fail or hang: the
 * caller goes on with a safe part of its own. `localBudget()` is the one for a single process, and says what the step does.
 */
export interface SharedBudget {
  /** For logs. */
  readonly name: string;
  exchange(call: SharedCall): Promise<SharedAnswer>;
  close(): Promise<void>;
}

/** Times of the protocol, the same in every implementation: processes of several versions may share one state. */
export const sharedTimes = {
  /** An unused or unsettled permit counts as spent so long after it was due or last named: its holder died. ASSUMED. */
  keepMs: 2_000,
  /** Permits are given no earlier than so long before they are due. ASSUMED: many round trips, few windows. */
  aheadMs: 1_000,
  /** A holder is counted so long after it was last seen, or twice the longest window. ASSUMED. */
  presentMs: 10_000,
  /** Others' turns are kept for them so long after they were to ask again. ASSUMED. */
  lateMs: 250,
  /** Between asking and asking again: at least so long, and at most so long or a tenth of the window. ASSUMED. */
  leastAskMs: 5,
  mostAskMs: 1_000,
  mostPatientAskMs: 30_000,
  /** While not everything is known, nobody gets a permit that is due before everybody told: at least so long. ASSUMED. */
  leastHoldMs: 750,
  /** What was sent so long ago and is not known is not waited for, however long the window. ASSUMED. */
  mostUnknownMs: 2_000,
  /** What is known of a window's end may be so much later than the end: close to it nothing is granted or forgotten. ASSUMED. */
  nearEndMs: 50,
  /** Most permits in one answer. ASSUMED. */
  mostPermits: 256,
} as const;
