import type { Timer } from "../clock.js";
import type {
  AnyProvider,
  Connection,
  Learned,
  Observation,
  ProviderEvent,
  RemoteSignal,
  SessionState,
} from "../contract/index.js";
import { ColloquyError, isColloquyError } from "../contract/index.js";
import type { LifecycleEvent } from "../lifecycle/events.js";
import { canReach } from "../lifecycle/reachability.js";
import { sameValue } from "../lifecycle/same-value.js";
import type { TimerName } from "../lifecycle/snapshot.js";
import { type Transition, transition } from "../lifecycle/transition.js";
import type { NewLogEntry, SessionRecord } from "../store/store.js";
import { Connections } from "./connections/connections.js";
import { EffectRunner } from "./effect-runner.js";
import { type Evidence, signalEvidence } from "./evidence.js";
import { Exchanges } from "./exchanges.js";
import { challengeOf } from "./pair.js";
import type { Runtime } from "./runtime.js";
import type { SessionEvent } from "./session-event.js";
import { StatePoller } from "./state-poller.js";
import { TimerSet } from "./timer-set.js";
import { isWorthALine, logEntryOf, refusalOf, stateChangeOf } from "./transition-news.js";

export interface Change {
  readonly before: SessionRecord;
  readonly after: SessionRecord;
  readonly transition: Transition;
  /** Set when the change came from a challenge: what to show. */
  readonly artefact?: string;
}

type ChangeListener = (change: Change) => void;

/** A deadline that fell while the store was away is looked at again so long after. ASSUMED. */
const lateTimerMs = 1_000;

/** Where what happens in a session goes. */
export interface SessionSinks {
  readonly publish: (event: SessionEvent) => void;
  /** Stores what came over the session's line. */
  readonly keep: (events: readonly ProviderEvent[]) => Promise<unknown>;
}

/** Where a session may have a line. On entering any other state it is let go. */
const mayHoldLine: ReadonlySet<SessionState> = new Set([
  "connecting",
  "reconnecting",
  "pairing",
  "waiting",
  "connected",
  "closing",
]);

/**
 * The one writer of one session in this process. Events are taken one at a time: decided by the pure lifecycle, saved
 * together with their log line, told to listeners, and only then are their effects carried out.
 */
export class Supervisor {
  readonly provider: AnyProvider;
  readonly exchanges: Exchanges;
  readonly connections: Connections;
  #record: SessionRecord;
  readonly #runtime: Runtime;
  readonly #timers: TimerSet;
  readonly #poller: StatePoller;
  readonly #effects: EffectRunner;
  readonly #changes = new Set<ChangeListener>();
  readonly #publish: (event: SessionEvent) => void;
  #turn: Promise<unknown> = Promise.resolve();
  #lateTimer: Timer | undefined;
  #stopped: ColloquyError | undefined;
  /** The code on show. Polling tells the same one again and again; only another one is a new attempt. */
  #artefact: string | undefined;

  constructor(runtime: Runtime, provider: AnyProvider, record: SessionRecord, { publish, keep }: SessionSinks) {
    this.#runtime = runtime;
    this.provider = provider;
    this.#record = record;
    this.#publish = publish;
    this.exchanges = new Exchanges(runtime, provider, (_id, learned) => this.#learn(learned));
    this.#timers = new TimerSet(runtime.clock, (name) => this.#onTimer(name));
    this.connections = new Connections(runtime, {
      provider,
      exchanges: this.exchanges,
      record: () => this.#record,
      signal: (signal, generation) => this.signal(signal, generation),
      keep,
      learn: (learned) => this.#learn(learned),
      assertOwned: () => {
        if (this.#stopped?.code === "SESSION_TAKEN_OVER") throw this.#stopped;
      },
      lineChanged: () => this.#tellAnew(),
    });
    this.#effects = new EffectRunner(this, runtime);
    this.#poller = new StatePoller(runtime.clock, provider.manifest, () => this.#effects.probe());
    this.#timers.arm(record.lifecycle.timers);
    this.#poller.follow(record.lifecycle);
  }

  get record(): SessionRecord {
    return this.#record;
  }

  /** Why this supervisor no longer acts; undefined while it does. */
  get stopped(): ColloquyError | undefined {
    return this.#stopped;
  }

  get heldConnection(): Connection | undefined {
    return this.connections.held;
  }

  onChange(listener: ChangeListener): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }

  /** Feeds one event to the lifecycle. A refused command throws `COMMAND_REFUSED`. */
  dispatch(event: LifecycleEvent, evidence: Evidence = {}): Promise<Transition> {
    return this.#exclusive(async () => {
      const result = await this.#apply(event, evidence);
      if (result.disposition === "refused") throw refusalOf(this.#record, event, result);
      return result;
    });
  }

  /** Understands one signal in the present context and feeds what it means to the lifecycle. */
  signal(signal: RemoteSignal, generation?: number): Promise<void> {
    return this.#exclusive(async () => {
      const { state, intent, pairingConsumer, closingGoal } = this.#record.lifecycle;
      const observations = this.provider.interpret(signal, {
        state,
        intent,
        pairing: pairingConsumer,
        ...(closingGoal === undefined ? {} : { closingGoal }),
      });
      for (const observation of observations) await this.#observe(observation, signalEvidence(signal), generation);
    });
  }

  /** What a failed exchange means, as an observation of ours. */
  observe(observation: Observation, evidence: Evidence, generation?: number): Promise<void> {
    return this.#exclusive(() => this.#observe(observation, evidence, generation));
  }

  /** What the stored record says of its owner. Another epoch than ours: the session was taken over. */
  assertEpoch(epoch: number): void {
    if (epoch !== this.#record.epoch && !this.#stopped) this.#lose(undefined);
  }

  /** Resolves when the effects asked for so far were carried out. */
  idle(): Promise<void> {
    return this.#effects.idle();
  }

  /** Asks the provider now instead of at the next poll. */
  probeSoon(): void {
    this.#effects.probe();
  }

  canReach(state: SessionRecord["lifecycle"]["state"]): boolean {
    return canReach(this.#record.lifecycle, state);
  }

  /** Stops acting and lets go; what is stored stays for the next process. Resolves when nothing is under way. */
  async stop(
    reason: ColloquyError = new ColloquyError({ code: "SESSION_TAKEN_OVER", message: "This session was let go." }),
  ): Promise<void> {
    this.#stopped ??= reason;
    this.#stopTimers();
    this.#tellAnew();
    await this.#effects.stop();
    await this.connections.close("release");
    await this.#turn;
  }

  #exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => {
      if (this.#stopped) throw this.#stopped;
      return work();
    });
    this.#turn = result.catch(() => {});
    return result;
  }

  async #observe(observation: Observation, evidence: Evidence, generation: number | undefined): Promise<void> {
    if (observation.type === "challengeIssued") {
      const { artefact } = observation.challenge;
      if (artefact === this.#artefact && this.#record.lifecycle.state === "pairing") return;
      this.#artefact = artefact;
    }
    await this.#apply({ ...observation, ...(generation === undefined ? {} : { generation }) }, evidence);
  }

  async #apply(event: LifecycleEvent, evidence: Evidence): Promise<Transition> {
    const before = this.#record;
    const nowMs = this.#runtime.clock.now();
    const result = transition(before.lifecycle, event, {
      nowMs,
      chance: this.#runtime.random(),
      traits: this.provider.manifest.traits,
      timings: this.provider.manifest.timings,
      policy: this.#runtime.policy,
    });
    const entries = isWorthALine(event, result) ? [logEntryOf(before, event, result, evidence, nowMs)] : [];
    if (result.snapshot !== before.lifecycle || entries.length > 0)
      await this.#save({ ...before, lifecycle: result.snapshot, updatedAtMs: nowMs }, entries);
    this.#follow(before, result);
    return result;
  }

  /** Carries a saved decision out: timers, polling, listeners, effects. */
  #follow(before: SessionRecord, result: Transition): void {
    const { lifecycle } = this.#record;
    this.#timers.arm(lifecycle.timers);
    this.#poller.follow(lifecycle);
    const artefact = lifecycle.state === "pairing" ? this.#artefact : undefined;
    if (artefact === undefined) this.#artefact = undefined;
    const change: Change = {
      before,
      after: this.#record,
      transition: result,
      ...(artefact === undefined ? {} : { artefact }),
    };
    for (const listener of [...this.#changes]) listener(change);
    if (result.changedState) this.#tellStateChange(before);
    this.#tellMore(before, result, artefact);
    if (this.connections.isOffered) this.#followLine(result);
    this.#effects.enqueue(result.effects);
  }

  /** A line that has no place any more is let go before anything else is asked; a session that stands without one gets one. */
  #followLine({ changedState }: Transition): void {
    const { state } = this.#record.lifecycle;
    if (changedState && state === "suspended") this.#effects.hangUp("suspend");
    else if (changedState && !mayHoldLine.has(state)) this.#effects.hangUp("release");
    else if (changedState && state === "reconnecting" && this.connections.held?.isMending !== true)
      this.#effects.hangUp("release");
    else if (state === "connected" || state === "waiting") this.#effects.connect();
  }

  #tellStateChange(before: SessionRecord): void {
    const { lifecycle, id } = this.#record;
    const from = before.lifecycle.state;
    const { state: to, reason } = lifecycle;
    this.#runtime.logger.log("info", "session.state", { sessionId: id, from, to, reason });
    this.#runtime.telemetry.count("colloquy.session.transitions", { provider: this.provider.id, from, to });
    this.#publish(stateChangeOf(before, this.#record));
  }

  #tellMore(before: SessionRecord, { row }: Transition, artefact: string | undefined): void {
    const { lifecycle, id } = this.#record;
    const about = { sessionId: id, atMs: this.#runtime.clock.now() };
    if (artefact !== undefined && (row === "challenge" || row === "challenge.refreshed"))
      this.#publish({ ...about, type: "challenge", challenge: challengeOf(this.#runtime, this, artefact) });
    if (!sameValue(before.lifecycle.health, lifecycle.health))
      this.#publish({ ...about, type: "health", health: lifecycle.health });
  }

  async #save(record: SessionRecord, entries: readonly NewLogEntry[]): Promise<void> {
    try {
      this.#record = await this.#runtime.store.records.save(record, entries);
    } catch (error) {
      if (!isColloquyError(error) || (error.code !== "STORE_CONFLICT" && error.code !== "SESSION_NOT_FOUND"))
        throw error;
      throw this.#lose(error);
    }
  }

  /** Somebody else wrote the record, so this process no longer owns the session and may not write. */
  #lose(cause: unknown): ColloquyError {
    const { id } = this.#record;
    const lost = new ColloquyError({
      code: "SESSION_TAKEN_OVER",
      message: `Session ${id} is run by another process now.`,
      sessionId: id,
      providerId: this.provider.id,
      cause,
    });
    this.#stopped = lost;
    this.#runtime.logger.log("warn", "session.taken_over", { sessionId: id });
    this.#stopTimers();
    void this.#effects.stop().then(() => this.connections.close("release"));
    this.#publish({ type: "taken_over", sessionId: id, atMs: this.#runtime.clock.now() });
    this.#tellAnew();
    return lost;
  }

  /** Whoever waits looks once more: a line stands, or no change will come any more. */
  #tellAnew(): void {
    const { lifecycle } = this.#record;
    const transition: Transition = { disposition: "recorded", snapshot: lifecycle, effects: [], changedState: false };
    const change: Change = { before: this.#record, after: this.#record, transition };
    for (const listener of [...this.#changes]) listener(change);
  }

  #learn(learned: Learned): Promise<void> {
    if (learned.settings === undefined && learned.name === undefined) return Promise.resolve();
    return this.#exclusive(async () => {
      const { settings, name } = learned;
      await this.#save(
        {
          ...this.#record,
          settings: { ...this.#record.settings, ...settings },
          ...(name === undefined ? {} : { name }),
          updatedAtMs: this.#runtime.clock.now(),
        },
        [],
      );
    });
  }

  #onTimer(name: TimerName): void {
    this.dispatch({ type: name }).catch((error: unknown) => {
      this.#reportFailure(`timer.${name}`, error);
      // Nothing was decided, so the deadline stands as it did; without this no session would come back from such a moment.
      if (isColloquyError(error) && error.code === "STORE_UNAVAILABLE") this.#armLater();
    });
  }

  #armLater(): void {
    const { clock } = this.#runtime;
    this.#lateTimer?.cancel();
    if (this.#stopped) return;
    this.#lateTimer = clock.setTimer(clock.now() + lateTimerMs, () => this.#timers.arm(this.#record.lifecycle.timers));
  }

  #stopTimers(): void {
    this.#lateTimer?.cancel();
    this.#timers.clear();
    this.#poller.stop();
  }

  #reportFailure(where: string, error: unknown): void {
    if (this.#stopped) return;
    const code = isColloquyError(error) ? error.code : "unexpected";
    this.#runtime.logger.log("error", "session.failure", { sessionId: this.#record.id, where, code });
  }
}
