import { Cancellation } from "../cancellation.js";
import { abortReason, sleep, type Timer } from "../clock.js";
import { ColloquyError, type InstantMs, type MessageId, type OutboundMessage } from "../contract/index.js";
import { mintId } from "../random.js";
import type { OutboxRow, OutboxState } from "../store/store.js";
import { checkMessage } from "./check-message.js";
import { Delivery } from "./outbox-delivery.js";
import { newJob, type OutboxJob, precedes, unknownAfterCrash, watch } from "./outbox-job.js";
import type { OutboxSession } from "./outbox-session.js";
import { PastDepartures } from "./past-departures.js";
import type { Runtime } from "./runtime.js";
import { outboxError, type SentMessage, sentMessage, storedError } from "./sent-message.js";

export interface SendOptions {
  /** Cancels while queued with nothing sent; later the outcome may be unknown. */
  readonly signal?: AbortSignal;
  /** For queueing, pacing and sending together, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number;
  /** Unix milliseconds before which it does not leave. Default: now. */
  readonly sendAtMs?: InstantMs;
}

const maxInFlight = 4;
const rowsAtOnce = 1_000;

/** Stores each message before it leaves, and settles it by what became of it. Messages to one recipient keep their order. */
export class Outbox {
  readonly #runtime: Runtime;
  readonly #session: OutboxSession;
  readonly #jobs = new Map<MessageId, OutboxJob>();
  readonly #waiting: OutboxJob[] = [];
  readonly #inFlight = new Map<OutboxJob, Promise<void>>();
  readonly #delivery: Delivery;
  readonly #departures: PastDepartures;
  #nextDue: Timer | undefined;
  #stopped: ColloquyError | undefined;

  constructor(runtime: Runtime, session: OutboxSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.#departures = new PastDepartures(runtime, session);
    this.#delivery = new Delivery(runtime, session, {
      over: (job) => this.#jobs.delete(job.row.id),
      again: (job) => {
        if (this.#stopped) return this.#delivery.drop(job, this.#stopped);
        this.#enqueue(job);
        this.wake();
      },
    });
  }

  /** Checks and stores all of them in one go; each promise settles with its message's fate. */
  async accept(
    messages: readonly OutboundMessage[],
    options: SendOptions = {},
    order: number = this.#session.turns.take(),
  ): Promise<readonly { id: MessageId; settled: Promise<SentMessage> }[]> {
    if (this.#stopped) throw this.#stopped;
    for (const message of messages) checkMessage(this.#session.provider, message);
    const leave = this.#session.leave();
    if (leave instanceof ColloquyError) throw leave;
    if (options.signal?.aborted) throw abortReason(options.signal);
    const nowMs = this.#runtime.clock.now();
    const rows = await this.#store(messages, options.sendAtMs);
    await this.#departures.recall(messages[0]);
    const deadlineAtMs = options.timeoutMs === undefined ? undefined : nowMs + options.timeoutMs;
    const accepted = rows.map((row) => ({ id: row.id, settled: this.#join(row, options.signal, deadlineAtMs, order) }));
    this.wake();
    return accepted;
  }

  /** Checks and stores them for whoever runs the session, online or not. */
  async enqueue(messages: readonly OutboundMessage[], sendAtMs?: InstantMs): Promise<readonly OutboxRow[]> {
    if (this.#stopped) throw this.#stopped;
    for (const message of messages) checkMessage(this.#session.provider, message);
    const rows = await this.#store(messages, sendAtMs);
    if (this.#session.epoch !== undefined) await this.pickUp();
    return rows;
  }

  /** False when it is on the wire or settled already. */
  async cancel(id: MessageId): Promise<boolean> {
    const { record } = this.#session;
    const why = new DOMException("The message was cancelled.", "AbortError");
    const job = this.#jobs.get(id);
    if (job && !this.#waiting.includes(job)) return false;
    const error = outboxError(why);
    const settledAtMs = this.#runtime.clock.now();
    const moved = await this.#runtime.store.outbox.move(record.id, id, ["queued"], {
      state: "cancelled",
      error,
      settledAtMs,
    });
    if (!moved) return false;
    if (job && this.#waiting.includes(job)) {
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      this.#delivery.drop(job, why);
    }
    this.#delivery.tell(id, "cancelled");
    return true;
  }

  /** Sends what failed, was cancelled, or is of unknown fate, once more. Undefined when the message is not so. */
  async resend(id: MessageId, options: SendOptions = {}): Promise<SentMessage | undefined> {
    if (this.#stopped) throw this.#stopped;
    const leave = this.#session.leave();
    if (leave instanceof ColloquyError) throw leave;
    const { record } = this.#session;
    const from = ["failed", "unknown", "cancelled"] as const;
    const row = await this.#runtime.store.outbox.move(record.id, id, from, { state: "queued" });
    if (!row) return undefined;
    await this.#departures.recall(row.message);
    const deadlineAtMs = options.timeoutMs === undefined ? undefined : this.#runtime.clock.now() + options.timeoutMs;
    const settled = this.#join(row, options.signal, deadlineAtMs);
    this.wake();
    return settled;
  }

  /** Takes up what an earlier process left: queued messages go on; of what may have left it is found out what became of it. */
  async recover(): Promise<void> {
    const { mayReconcile } = this.#delivery;
    // Of nearly all sessions there is nothing, which one look tells.
    for await (const row of this.#rows(["queued", "sending", ...(mayReconcile ? (["unknown"] as const) : [])])) {
      if (this.#jobs.has(row.id)) continue;
      if (row.state === "queued") this.#takeUp(row);
      else if (row.state === "unknown") this.#reconcile(row);
      else await this.#orphaned(row);
    }
    await this.#departures.recall(this.#waiting[0]?.row.message);
    this.wake();
  }

  /** It was on the wire when its process ended. */
  async #orphaned(row: OutboxRow): Promise<void> {
    const error = outboxError(unknownAfterCrash(row));
    const settledAtMs = this.#runtime.clock.now();
    const { outbox } = this.#runtime.store;
    const patch = { state: "unknown", error, settledAtMs } as const;
    const unknown = await outbox.move(row.sessionId, row.id, ["sending"], patch);
    if (!this.#delivery.mayReconcile) this.#delivery.tell(row.id, "unknown");
    else if (unknown) this.#reconcile(unknown);
  }

  /** Takes up what was queued here or by another process, and is not on its way yet. */
  async pickUp(): Promise<void> {
    for await (const row of this.#rows(["queued"])) if (!this.#jobs.has(row.id)) this.#takeUp(row);
    await this.#departures.recall(this.#waiting[0]?.row.message);
    this.wake();
  }

  async *#rows(states: readonly OutboxState[]): AsyncGenerator<OutboxRow, void, void> {
    for (let afterSeq = 0; ; ) {
      const query = { states, afterSeq, limit: rowsAtOnce };
      const rows = await this.#runtime.store.outbox.list(this.#session.record.id, query);
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < rowsAtOnce) return;
      afterSeq = last.seq;
    }
  }

  #takeUp(row: OutboxRow): void {
    this.#enqueue(newJob(row, { isAwaited: false, order: this.#session.turns.take() }));
  }

  /** Whether nothing that was accepted before is still on its way, or waits for more than its own time. */
  isClearBefore(order: number): boolean {
    const nowMs = this.#runtime.clock.now();
    for (const job of this.#jobs.values()) if (job.order < order && (job.row.dueAtMs ?? 0) <= nowMs) return false;
    return true;
  }

  /** Resolves when everything accepted or recovered here is settled. */
  async idle(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.allSettled([...this.#jobs.values()].map((job) => job.settled.promise));
  }

  /** Lets waiting messages leave if they may now. Called whenever the session's state changed. */
  wake(): void {
    if (this.#stopped) return;
    const leave = this.#session.leave();
    if (leave === "wait") return;
    if (leave !== "now") return this.#refuseAwaited(leave);
    while (this.#inFlight.size < maxInFlight) {
      const job = this.#next();
      if (!job) return this.#armNextDue();
      this.#carry(job, this.#delivery.run(job));
    }
  }

  /** Gives messages on the wire `graceMs` for their answer; all others stay stored for the next process. */
  async stop(reason: ColloquyError, graceMs: number): Promise<void> {
    this.#stopped ??= reason;
    this.#nextDue?.cancel();
    this.#delivery.stopFollowing(reason);
    for (const job of this.#waiting.splice(0)) this.#delivery.drop(job, reason);
    for (const job of this.#inFlight.keys()) if (!job.isOnTheWire) job.recall.abort(reason);
    if (this.#inFlight.size > 0) await this.#grace(graceMs);
    this.#delivery.stopWriting(reason);
    for (const job of this.#inFlight.keys()) job.recall.abort(reason);
    await Promise.allSettled(this.#inFlight.values());
  }

  async #grace(graceMs: number): Promise<void> {
    const grace = new Cancellation();
    const isOver = sleep(this.#runtime.clock, graceMs, grace).catch(() => {});
    await Promise.race([Promise.allSettled(this.#inFlight.values()), isOver]);
    grace.abort();
  }

  /** Counts what other processes sent since it was last looked, while this one sends nothing itself. */
  noteOthers(): Promise<void> {
    return this.#departures.noteOthers();
  }

  #join(
    row: OutboxRow,
    signal: AbortSignal | undefined,
    deadlineAtMs: number | undefined,
    order = this.#session.turns.take(),
  ): Promise<SentMessage> {
    const known = this.#jobs.get(row.id);
    if (known) return known.settled.promise;
    if (row.state === "sent") return Promise.resolve(sentMessage(row, this.#session.receipts));
    if (row.state !== "queued") {
      const ended = Promise.reject<SentMessage>(row.state === "sending" ? unknownAfterCrash(row) : storedError(row));
      // Told to whoever awaits it; `sendAll` may come to it only later.
      ended.catch(() => {});
      return ended;
    }
    const job = newJob(row, {
      isAwaited: true,
      order,
      ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
    });
    this.#enqueue(job);
    watch(job, this.#runtime.clock, signal, (state, why) => this.#giveUp(job, state, why));
    return job.settled.promise;
  }

  #enqueue(job: OutboxJob): void {
    this.#jobs.set(job.row.id, job);
    const place = this.#waiting.findLastIndex((other) => precedes(other, job));
    this.#waiting.splice(place + 1, 0, job);
  }

  #store(messages: readonly OutboundMessage[], sendAtMs: InstantMs | undefined): Promise<readonly OutboxRow[]> {
    const nowMs = this.#runtime.clock.now();
    return this.#runtime.store.outbox.add(
      messages.map((message) => ({
        sessionId: this.#session.record.id,
        id: message.id ?? mintId("msg", nowMs, this.#runtime.random),
        state: "queued" as const,
        message,
        priority: message.priority ?? "normal",
        acceptedAtMs: nowMs,
        ...(sendAtMs === undefined ? {} : { dueAtMs: sendAtMs }),
      })),
    );
  }

  /** What is unknown and was not looked for yet, by a process that ended meanwhile. */
  #reconcile(row: OutboxRow): void {
    if (row.lookedAtMs !== undefined || row.message === null) return;
    const job = newJob(row, { isAwaited: false, order: this.#session.turns.take() });
    this.#jobs.set(row.id, job);
    this.#carry(job, this.#delivery.reconcile(job, storedError(row)));
  }

  #carry(job: OutboxJob, run: Promise<void>): void {
    const carried = run.finally(() => {
      this.#inFlight.delete(job);
      this.wake();
      this.#session.turnIsOver();
    });
    this.#inFlight.set(job, carried);
  }

  #armNextDue(): void {
    const nowMs = this.#runtime.clock.now();
    const due = this.#waiting.flatMap(({ row: { dueAtMs = 0 } }) => (dueAtMs > nowMs ? [dueAtMs] : []));
    this.#nextDue?.cancel();
    this.#nextDue = undefined;
    if (due.length > 0) this.#nextDue = this.#runtime.clock.setTimer(Math.min(...due), () => this.wake());
  }

  #next(): OutboxJob | undefined {
    const nowMs = this.#runtime.clock.now();
    const busy = new Set([...this.#inFlight.keys()].map((job) => job.row.message?.to));
    const index = this.#waiting.findIndex(
      ({ order, row: { message, dueAtMs = 0 } }) =>
        dueAtMs <= nowMs && !busy.has(message?.to) && this.#session.turns.isFree(order),
    );
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  #giveUp(job: OutboxJob, state: "failed" | "cancelled", why: Error): void {
    const index = this.#waiting.indexOf(job);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      void this.#delivery.settle(job, state, why);
      // The transport looks at the deadline itself.
    } else if (state === "cancelled") job.recall.abort(why);
  }

  #refuseAwaited(error: ColloquyError): void {
    for (const job of this.#waiting.filter(({ isAwaited }) => isAwaited)) {
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      void this.#delivery.settle(job, "failed", error);
    }
  }
}
