import type { Clock } from "../../clock.js";
import type { SessionId } from "../../contract/index.js";
import type { Lease } from "../../store/store.js";

interface Held {
  readonly epoch: number;
  readonly wallUntilMs: number;
  readonly steadyUntilMs: number;
}

/** Two clocks at one moment: the wall clock may be set back, the steady one may stand still while the machine sleeps. */
export interface Moment {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** A lease is believed for this part of its time only: the rest is for what was under way when it ran out. */
const believedPart = 0.8;

/**
 * What this worker holds, and until when it may believe so. Counted from before the store was asked, and over when either
 * clock says so: a process that was stopped for longer than a lease finds out before it acts.
 */
export class LeaseKeeper {
  readonly #clock: Clock;
  readonly #steadyNow: () => number;
  readonly #held = new Map<SessionId, Held>();

  constructor(clock: Clock, steadyNow: () => number) {
    this.#clock = clock;
    this.#steadyNow = steadyNow;
  }

  moment(): Moment {
    return { wallMs: this.#clock.now(), steadyMs: this.#steadyNow() };
  }

  /** `askedAt`: the moment before the store was asked. */
  note(leases: readonly Lease[], askedAt: Moment, durationMs: number): void {
    const believedMs = durationMs * believedPart;
    for (const { sessionId, epoch } of leases)
      this.#held.set(sessionId, {
        epoch,
        wallUntilMs: askedAt.wallMs + believedMs,
        steadyUntilMs: askedAt.steadyMs + believedMs,
      });
  }

  drop(sessionId: SessionId): void {
    this.#held.delete(sessionId);
  }

  epochOf(sessionId: SessionId): number | undefined {
    return this.#held.get(sessionId)?.epoch;
  }

  /** Whether this worker may act for the session now. */
  mayAct(sessionId: SessionId): boolean {
    const held = this.#held.get(sessionId);
    const { wallMs, steadyMs } = this.moment();
    return held !== undefined && wallMs < held.wallUntilMs && steadyMs < held.steadyUntilMs;
  }

  all(): readonly Pick<Lease, "sessionId" | "epoch">[] {
    return [...this.#held].map(([sessionId, { epoch }]) => ({ sessionId, epoch }));
  }

  get count(): number {
    return this.#held.size;
  }
}
