import { ColloquyError, isColloquyError, type SessionId } from "../../contract/index.js";
import type { Member } from "../../store/store.js";
import type { Runtime } from "../runtime.js";
import { inParallel } from "./in-parallel.js";
import { LeaseKeeper } from "./lease-keeper.js";
import type { WorkerSettings } from "./options.js";
import { type Rhythm, rhythm } from "./rhythm.js";
import { plan } from "./share.js";

/** What a worker does with the sessions of its process. */
export interface Crew {
  /** Sessions that want to be run here or elsewhere: not at rest, and of a provider that was given. */
  wanted(): Promise<readonly SessionId[]>;
  /** Takes the session over and keeps it alive. */
  adopt(sessionId: SessionId): Promise<void>;
  /** Stops acting for the session; what is queued stays stored. */
  letGo(sessionId: SessionId, reason: ColloquyError, graceMs: number): Promise<void>;
  /** False when it was taken over by somebody who did not ask for the lease. */
  isRun(sessionId: SessionId): boolean;
  /** Sends what others queued for the session. */
  pickUp(sessionId: SessionId): Promise<void>;
}

export interface WorkerStatus {
  readonly name: string;
  readonly sessions: readonly { readonly sessionId: SessionId; readonly epoch: number }[];
  /** As they were at the last look. */
  readonly members: readonly Member[];
  readonly storeIsAway: boolean;
  readonly isStopping: boolean;
}

export interface StopResult {
  readonly handedOver: number;
  /** Nobody was there to take them: they are free. */
  readonly freed: number;
}

export interface Worker {
  readonly name: string;
  /** Resolves after the first look at what there is to run. */
  readonly ready: Promise<void>;
  status(): WorkerStatus;
  /**
   * Hands every session to the other workers and leaves. Sends on the wire get `graceMs` (default 5,000) for their answer; all
   * others stay stored for the next worker. Calling it again gives the same result.
   */
  stop(options?: { readonly graceMs?: number }): Promise<StopResult>;
}

/** A store writes many at once for little more than one. ASSUMED: few enough that none waits long for its turn. */
const adoptedAtOnce = 128;

export class FleetWorker implements Worker {
  readonly name: string;
  readonly ready: Promise<void>;
  readonly #settings: WorkerSettings;
  readonly #runtime: Runtime;
  readonly #crew: Crew;
  readonly #open: () => Promise<void>;
  readonly #keeper: LeaseKeeper;
  readonly #renewing: Rhythm;
  readonly #looking: readonly Rhythm[];
  /** Not asked for again before then: whoever took them without a lease should be done first. */
  readonly #shunned = new Map<SessionId, number>();
  /** Held, and not run yet or no longer: they are being taken over, or handed to another worker. */
  readonly #moving = new Set<SessionId>();
  #members: readonly Member[] = [];
  #storeIsAway = false;
  #stopping: Promise<StopResult> | undefined;
  #whenReady: () => void = () => {};
  readonly #endGauge: (() => void) | undefined;

  /** `open`: makes the store ready. */
  constructor(settings: WorkerSettings, runtime: Runtime, crew: Crew, open: () => Promise<void>) {
    this.name = settings.name;
    this.#settings = settings;
    this.#runtime = runtime;
    this.#crew = crew;
    this.#open = open;
    this.#keeper = new LeaseKeeper(runtime.clock, settings.steadyNow);
    this.ready = new Promise((resolve) => {
      this.#whenReady = resolve;
    });
    const { clock, random, telemetry } = runtime;
    this.#endGauge = telemetry.gauge?.("colloquy.worker.sessions", () => [
      [this.#keeper.count, { worker: this.name, store_away: this.#storeIsAway }],
    ]);
    const { leaseMs, scanMs, watchMs } = settings;
    this.#renewing = rhythm(
      clock,
      () => leaseMs / 3,
      () => this.#renew(),
    );
    this.#looking = [
      // Workers that began together should not look together.
      rhythm(
        clock,
        () => scanMs * (0.75 + random() / 2),
        () => this.#guarded(() => this.#scan()),
      ),
      rhythm(
        clock,
        () => watchMs,
        () => this.#guarded(() => this.#watch()),
      ),
    ];
  }

  /** Why this process may not act for the session; undefined when it may. */
  refusal(sessionId: SessionId): ColloquyError | undefined {
    return this.#keeper.mayAct(sessionId) ? undefined : leaseLost(sessionId);
  }

  status(): WorkerStatus {
    return {
      name: this.name,
      sessions: this.#keeper.all(),
      members: this.#members,
      storeIsAway: this.#storeIsAway,
      isStopping: this.#stopping !== undefined,
    };
  }

  stop({ graceMs = 5_000 }: { readonly graceMs?: number } = {}): Promise<StopResult> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<StopResult> {
    await Promise.all(this.#looking.map((each) => each.stop()));
    this.#whenReady();
    const { leases } = this.#runtime.store;
    const others = await this.#tryStore(async () => {
      await leases.leave(this.name);
      return (await leases.members()).map(({ owner }) => owner).filter((owner) => owner !== this.name);
    });
    const held = this.#keeper.all();
    const shares = new Map<string | undefined, SessionId[]>();
    for (const [index, { sessionId }] of held.entries()) {
      const to = others && others.length > 0 ? others[index % others.length] : undefined;
      const share = shares.get(to);
      if (share) share.push(sessionId);
      else shares.set(to, [sessionId]);
    }
    for (const [to, sessionIds] of shares) await this.#handOver(sessionIds, to, graceMs);
    // Until now, because what still waits for its turn to be handed over must not run out meanwhile.
    await this.#renewing.stop();
    this.#endGauge?.();
    const freed = shares.get(undefined)?.length ?? 0;
    return { handedOver: held.length - freed, freed };
  }

  /** Runs before the leases run out, however busy the rest is; so what it cannot renew is let go in time. */
  async #renew(): Promise<void> {
    const { leases } = this.#runtime.store;
    const { leaseMs, details } = this.#settings;
    const before = this.#keeper.moment();
    const held = this.#keeper.all();
    const renewed = await this.#tryStore(async () => {
      if (!this.#stopping) await leases.announce(this.name, details, leaseMs);
      return leases.renew(held, this.name, leaseMs);
    });
    if (renewed) {
      this.#keeper.note(renewed, before, leaseMs);
      const kept = new Set(renewed.map(({ sessionId }) => sessionId));
      for (const { sessionId, epoch } of held)
        if (!kept.has(sessionId) && this.#keeper.epochOf(sessionId) === epoch) await this.#lose(sessionId);
    }
    for (const { sessionId } of this.#keeper.all()) {
      if (this.#moving.has(sessionId)) continue;
      if (!this.#keeper.mayAct(sessionId)) await this.#lose(sessionId);
      else if (!this.#crew.isRun(sessionId)) await this.#yieldTo(sessionId);
    }
  }

  async #scan(): Promise<void> {
    const { leases } = this.#runtime.store;
    const nowMs = this.#runtime.clock.now();
    for (const [sessionId, untilMs] of this.#shunned) if (untilMs <= nowMs) this.#shunned.delete(sessionId);
    const [wanted, held, members] = await Promise.all([this.#crew.wanted(), leases.list(), leases.members()]);
    this.#members = members;
    const owners = new Set([...members.map(({ owner }) => owner), this.name]);
    const { take, give } = plan({
      wanted,
      leases: held,
      owners: [...owners],
      self: this.name,
      maxSessions: this.#settings.maxSessions,
    });
    for (const [owner, sessionIds] of give) await this.#handOver(sessionIds, owner, 5_000);
    await this.#take(take.filter((sessionId) => !this.#shunned.has(sessionId)));
    this.#whenReady();
  }

  async #watch(): Promise<void> {
    const { leases, outbox } = this.#runtime.store;
    const offered = await leases.list({ offeredTo: this.name });
    await this.#take(offered.map(({ sessionId }) => sessionId));
    for (const sessionId of await outbox.waiting())
      if (this.#keeper.mayAct(sessionId)) await this.#crew.pickUp(sessionId);
  }

  async #take(sessionIds: readonly SessionId[]): Promise<void> {
    if (sessionIds.length === 0) return;
    const before = this.#keeper.moment();
    const { leaseMs, onEvent } = this.#settings;
    const gained = await this.#runtime.store.leases.acquire(sessionIds, this.name, leaseMs);
    this.#storeAnswered();
    const fresh = gained.filter(({ sessionId }) => this.#keeper.epochOf(sessionId) === undefined);
    this.#keeper.note(gained, before, leaseMs);
    for (const { sessionId } of fresh) this.#moving.add(sessionId);
    await inParallel(fresh, adoptedAtOnce, async ({ sessionId, epoch }) => {
      try {
        // What was not taken over before the end began is handed on as it is.
        if (this.#stopping) return;
        await this.#crew.adopt(sessionId);
        onEvent({ type: "gained", sessionId, epoch });
      } catch (error) {
        if (!isColloquyError(error)) throw error;
        onEvent({ type: "failed", sessionId, error });
        await this.#yieldTo(sessionId);
      } finally {
        this.#moving.delete(sessionId);
      }
    });
  }

  async #handOver(sessionIds: readonly SessionId[], to: string | undefined, graceMs: number): Promise<void> {
    const { leases } = this.#runtime.store;
    const offer = to === undefined ? undefined : { to, forMs: this.#settings.offerMs };
    // The next worker may begin with each session as soon as this one is done with it.
    await inParallel(sessionIds, adoptedAtOnce, async (sessionId) => {
      const epoch = this.#keeper.epochOf(sessionId);
      if (epoch === undefined) return;
      this.#moving.add(sessionId);
      await this.#crew.letGo(sessionId, handedOver(sessionId), graceMs);
      this.#keeper.drop(sessionId);
      this.#moving.delete(sessionId);
      await this.#tryStore(() => leases.release([{ sessionId, epoch }], this.name, offer));
      this.#settings.onEvent({ type: "handed_over", sessionId, to });
    });
  }

  async #lose(sessionId: SessionId): Promise<void> {
    const epoch = this.#keeper.epochOf(sessionId) ?? 0;
    this.#keeper.drop(sessionId);
    await this.#crew.letGo(sessionId, leaseLost(sessionId), 0);
    this.#runtime.telemetry.count("colloquy.worker.lost", { worker: this.name });
    this.#runtime.logger.log("warn", "worker.lost", { sessionId, worker: this.name, epoch });
    this.#settings.onEvent({ type: "lost", sessionId, epoch });
  }

  /** Somebody else writes the session, by a command of a person for example: not fought over. */
  async #yieldTo(sessionId: SessionId): Promise<void> {
    const epoch = this.#keeper.epochOf(sessionId) ?? 0;
    this.#shunned.set(sessionId, this.#runtime.clock.now() + this.#settings.leaseMs);
    await this.#lose(sessionId);
    await this.#tryStore(() => this.#runtime.store.leases.release([{ sessionId, epoch }], this.name));
  }

  #storeAnswered(): void {
    if (this.#storeIsAway) this.#settings.onEvent({ type: "store_back" });
    this.#storeIsAway = false;
  }

  /** A step of a rhythm: a store that is away is waited for. */
  async #guarded(step: () => Promise<void>): Promise<void> {
    await this.#tryStore(step);
  }

  async #tryStore<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    try {
      await this.#open();
      const result = await ask();
      this.#storeAnswered();
      return result;
    } catch (thrown) {
      const error = isColloquyError(thrown)
        ? thrown
        : new ColloquyError({ code: "STORE_UNAVAILABLE", message: "The store failed.", cause: thrown });
      this.#runtime.logger.log("error", "worker.store_away", { worker: this.name, code: error.code });
      if (!this.#storeIsAway) this.#settings.onEvent({ type: "store_away", error });
      this.#storeIsAway = true;
      return undefined;
    }
  }
}

function leaseLost(sessionId: SessionId): ColloquyError {
  return new ColloquyError({
    code: "SESSION_TAKEN_OVER",
    message: `The lease of session ${sessionId} is over; another worker may run it now.`,
    sessionId,
    outcome: "not_attempted",
  });
}

function handedOver(sessionId: SessionId): ColloquyError {
  return new ColloquyError({
    code: "SHUT_DOWN",
    message: `Session ${sessionId} was handed to another worker, with all that is queued.`,
    sessionId,
  });
}
