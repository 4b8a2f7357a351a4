import { Cancellation } from "../cancellation.js";
import { sleep } from "../clock.js";
import {
  type AnyOperation,
  type AnyProvider,
  ColloquyError,
  isColloquyError,
  type ProviderEvent,
  type RawDelivery,
  type RemoteSignal,
  type SessionState,
} from "../contract/index.js";
import { migrateSnapshot } from "../lifecycle/migrate.js";
import type { SessionRecord } from "../store/store.js";
import type { OperationResult } from "../transport/exchange.js";
import { Turns } from "./asks/turns.js";
import type { ExchangeOptions } from "./exchanges.js";
import { Exchanges } from "./exchanges.js";
import { Inbox, type Received, type StoredEvent } from "./inbox.js";
import { Outbox } from "./outbox.js";
import type { Leave, OutboxSession } from "./outbox-session.js";
import { Receipts } from "./receipts/receipts.js";
import type { Runtime } from "./runtime.js";
import type { SessionEvent } from "./session-event.js";
import { Supervisor } from "./supervisor.js";

const onTheirWay: ReadonlySet<SessionState> = new Set(["connecting", "reconnecting"]);

/**
 * One session in this process. It only reads until a command comes; then it takes the session over, which raises the epoch,
 * and becomes its one writer. Sending over a connected session needs no takeover: the outbox guards each message by itself.
 */
export class SessionHost implements OutboxSession {
  readonly provider: AnyProvider;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly turns: Turns;
  readonly #runtime: Runtime;
  readonly #passive: Exchanges;
  #record: SessionRecord;
  #supervisor: Promise<Supervisor> | undefined;
  #active: Supervisor | undefined;

  constructor(runtime: Runtime, provider: AnyProvider, record: SessionRecord) {
    this.#runtime = runtime;
    this.provider = provider;
    this.#record = record;
    this.turns = new Turns(provider.facets.ask?.inTurnWithSends ?? false);
    this.receipts = new Receipts(runtime, this);
    this.inbox = new Inbox(runtime, record.id, this.receipts, async (events, fresh) => {
      await runtime.asks?.hear(this, events, fresh);
    });
    this.outbox = new Outbox(runtime, this);
    this.#passive = new Exchanges(runtime, provider, async (_id, { settings }) => {
      this.#record = { ...this.#record, settings: { ...this.#record.settings, ...settings } };
    });
  }

  get record(): SessionRecord {
    return this.#active?.record ?? this.#record;
  }

  get exchanges(): Exchanges {
    return this.#active?.exchanges ?? this.#passive;
  }

  get isActive(): boolean {
    return this.#active !== undefined && this.#active.stopped === undefined;
  }

  publish(event: SessionEvent): void {
    this.inbox.publish(event);
  }

  keep(events: readonly ProviderEvent[]): Promise<number> {
    return this.inbox.keep(events);
  }

  /** Reads what another process wrote. An active session is its own source and reads nothing. */
  async refresh(): Promise<SessionRecord> {
    if (this.isActive) return this.record;
    this.#record = await readRecord(this.#runtime, this.#record.id);
    return this.record;
  }

  /** Takes the session over, once; every later call gets the same supervisor. */
  activate(): Promise<Supervisor> {
    this.#supervisor ??= this.#takeOver().catch((error: unknown) => {
      this.#supervisor = undefined;
      throw error;
    });
    return this.#supervisor;
  }

  get epoch(): number | undefined {
    return this.isActive ? this.record.epoch : undefined;
  }

  /** Whether what a provider hears over its line would be heard now. */
  get hasLine(): boolean {
    const isWithout = this.provider.facets.connect === undefined || !this.isActive;
    return isWithout || this.#active?.heldConnection !== undefined;
  }

  /** A session that is not online as far as we know is taken over and looked at before anything is refused. */
  async ready(): Promise<void> {
    if (!this.isActive && (await this.refresh()).lifecycle.state !== "connected") await this.activate();
  }

  /** Rejects when no question can be put without a new command. A line must stand in this process to hear the answer. */
  async readyToAsk(): Promise<void> {
    if (this.provider.facets.connect) await this.activate();
    else if (this.isActive || (await this.refresh()).lifecycle.state !== "waiting") await this.ready();
    const leave = this.leave();
    if (leave instanceof ColloquyError && this.record.lifecycle.state !== "waiting") throw leave;
  }

  /** Gives what is accepted its place from the moment of the call, whatever must be looked at before it is stored. */
  async accepting<Accepted>(accept: (order: number) => Promise<Accepted>): Promise<Accepted> {
    const order = this.turns.take();
    this.turns.hold(order);
    try {
      return await accept(order);
    } finally {
      this.turns.free(order);
      this.turnIsOver();
      this.outbox.wake();
    }
  }

  turnIsOver(): void {
    this.#runtime.asks?.wake(this, false);
  }

  leave(): Leave {
    if (this.#active?.stopped) return this.#active.stopped;
    const { state, reason } = this.record.lifecycle;
    if (state === "connected") return "now";
    if (onTheirWay.has(state)) return "wait";
    if (state === "terminated" && reason === "not_found") return this.#gone();
    return new ColloquyError({
      code: "SESSION_NOT_CONNECTED",
      outcome: "not_attempted",
      message: `The session is ${state}${reason ? ` (${reason})` : ""}, so nothing can be sent.`,
      sessionId: this.record.id,
      providerId: this.provider.id,
    });
  }

  #gone(): ColloquyError {
    const { displayName } = this.provider.manifest;
    return new ColloquyError({
      code: "REMOTE_NOT_FOUND",
      outcome: "not_attempted",
      message: `The session is terminated: ${displayName} no longer has it, so nothing can be sent.`,
      userAction: "Make a new session. Why this one is gone, the provider may know.",
      sessionId: this.record.id,
      providerId: this.provider.id,
    });
  }

  /** The provider told something that may have changed the session's state: it is asked now instead of at the next poll. */
  probeSoon(): void {
    if (this.isActive) this.#active?.probeSoon();
  }

  notOurs(): void {
    const active = this.#active;
    if (!active || active.stopped) return;
    // A connected session writes its record seldom: without a look it would hold its lease and send nothing for hours.
    readRecord(this.#runtime, this.#record.id)
      .then(({ epoch }) => active.assertEpoch(epoch))
      .catch(() => {});
  }

  notConnected(): void {
    const observe = async (): Promise<void> => {
      const supervisor = await this.activate();
      await supervisor.observe(
        { type: "dropped", cause: { class: "transient", reason: "provider_says_not_connected" } },
        { source: "reply" },
      );
    };
    observe().catch(() => {});
  }

  async receive(delivery: RawDelivery): Promise<Received> {
    const { stored, duplicates, signals } = await this.inbox.receive(this.provider, delivery);
    if (signals.length > 0) await this.#heed(signals);
    return { stored, duplicates };
  }

  /** Takes a delivery whose origin was checked; returns what was new. */
  async accept(delivery: RawDelivery): Promise<readonly StoredEvent[]> {
    const { fresh, signals } = await this.inbox.accept(this.provider, delivery);
    if (signals.length > 0) await this.#heed(signals);
    return fresh;
  }

  execute(operation: AnyOperation, input: unknown, options: ExchangeOptions): Promise<OperationResult<unknown>> {
    return this.exchanges.execute(operation, input, this.record, options);
  }

  /** Lets go of the session without ending it: what is queued stays stored for the next process. */
  async release(reason: ColloquyError, graceMs: number): Promise<void> {
    this.receipts.close(reason);
    this.#runtime.asks?.release(this.record.id, reason);
    const inboxClosed = this.inbox.close();
    await this.outbox.stop(reason, graceMs);
    const supervisor = await this.#supervisor?.catch(() => undefined);
    await supervisor?.stop(reason);
    // A handler is somebody else's code, and may hang.
    const grace = new Cancellation();
    await Promise.race([inboxClosed, sleep(this.#runtime.clock, graceMs, grace).catch(() => {})]);
    grace.abort();
  }

  /** Where another process runs the session, its own polling hears of the change. What is stored is stored either way. */
  async #heed(signals: readonly RemoteSignal[]): Promise<void> {
    if (!this.isActive || !this.#active) return;
    try {
      for (const signal of signals) await this.#active.signal(signal);
      // A webhook can be late or forged by a replay: what counts is what the provider says when asked.
      this.#active.probeSoon();
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "SESSION_TAKEN_OVER") throw error;
    }
  }

  async #takeOver(): Promise<Supervisor> {
    this.#assertLease();
    await this.#runtime.claim(this.#record.id);
    const taken = await this.#raiseEpoch();
    // The process may have stood still meanwhile. Then whoever has the lease finds out, and takes the session over anew.
    this.#assertLease();
    const supervisor = new Supervisor(this.#runtime, this.provider, taken, {
      publish: (event) => this.publish(event),
      keep: (events) => this.keep(events),
    });
    supervisor.onChange(({ transition }) => {
      this.outbox.wake();
      this.#runtime.asks?.wake(this, transition.changedState);
      if (supervisor.stopped) void this.outbox.stop(supervisor.stopped, 0);
    });
    this.#active = supervisor;
    try {
      await supervisor.dispatch({ type: "restored" }, { epoch: taken.epoch });
      await this.outbox.recover();
      await this.#runtime.asks?.recover(this);
    } catch (error) {
      // Half taken over, nobody would ever let it go.
      await supervisor.stop();
      this.#active = undefined;
      throw error;
    }
    return supervisor;
  }

  #assertLease(): void {
    const refusal = this.#runtime.refusal(this.#record.id);
    if (refusal) throw refusal;
  }

  /** As it was read last: who restores many has just read them. Written meanwhile by somebody else, it is read again, once. */
  async #raiseEpoch(): Promise<SessionRecord> {
    const raised = (record: SessionRecord): Promise<SessionRecord> => {
      const lifecycle = migrateSnapshot(record.lifecycle);
      const updatedAtMs = this.#runtime.clock.now();
      return this.#runtime.store.records.save({ ...record, lifecycle, epoch: record.epoch + 1, updatedAtMs }, []);
    };
    try {
      return await raised(this.#record);
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "STORE_CONFLICT") throw error;
      this.#assertLease();
      return raised(await readRecord(this.#runtime, this.#record.id));
    }
  }
}

export async function readRecord(runtime: Runtime, id: string): Promise<SessionRecord> {
  const record = await runtime.store.records.get(id);
  if (record) return record;
  throw new ColloquyError({
    code: "SESSION_NOT_FOUND",
    message: `There is no session ${id} in the store.`,
    sessionId: id,
  });
}
