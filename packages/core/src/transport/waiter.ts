import type { InstantMs, SessionId } from "../contract/index.js";
import type { Bucket } from "./bucket.js";
import { type Queued, type Rank, WaitingLine } from "./fair-queue.js";
import type { Grant } from "./grant.js";
import type { Resource } from "./resource.js";

/** One request that waits. Of these there may be a hundred thousand, so it holds what it must and no more. */
export abstract class Waiter implements Queued<Waiter> {
  readonly rank: Rank;
  /** Absent before it waits and after. */
  line: Line | undefined = undefined;
  before: Waiter | undefined = undefined;
  after: Waiter | undefined = undefined;
  stopListening: (() => void) | undefined = undefined;

  constructor(rank: Rank) {
    this.rank = rank;
  }

  abstract granted(grant: Grant): void;
  abstract refused(reason: unknown): void;
}

/** A waiter that somebody awaits. */
export class PromisedGrant extends Waiter {
  readonly granted: (grant: Grant) => void;
  readonly refused: (reason: unknown) => void;

  constructor(rank: Rank, granted: (grant: Grant) => void, refused: (reason: unknown) => void) {
    super(rank);
    this.granted = granted;
    this.refused = refused;
  }
}

/** The waiters of one session for one set of resources. It always stands at exactly one of them: the first that said no. */
export class Line {
  readonly key: string;
  readonly resources: readonly Resource[];
  readonly sessionId: SessionId | undefined;
  /** The bucket that holds it up, for those who are told of pacing. */
  heldBy: Bucket | undefined = undefined;
  readonly waiters: WaitingLine<Waiter> = new WaitingLine<Waiter>();
  at: Resource | undefined = undefined;
  rank: Rank = 1;
  /** Grants in the present window of what it shares with other lines, and since when. */
  part = 0;
  partSinceMs: InstantMs = Number.NEGATIVE_INFINITY;

  constructor(key: string, resources: readonly Resource[], sessionId: SessionId | undefined) {
    this.key = key;
    this.resources = resources;
    this.sessionId = sessionId;
  }
}
