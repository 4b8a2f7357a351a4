import { abortReason, sleep } from "../clock.js";
import {
  type AnyProvider,
  ColloquyError,
  isColloquyError,
  type MessageId,
  type OutboundMessage,
  type Priority,
  type Repeatable,
  type SessionContext,
} from "../contract/index.js";
import { mintId } from "../random.js";
import type { OutboxRow, SessionRecord } from "../store/store.js";
import { checkMessage } from "./check-message.js";
import { createDeferred, type Deferred } from "./deferred.js";
import type { Exchanges } from "./exchanges.js";
import type { Runtime } from "./runtime.js";
import { outboxError, type SentMessage, sentMessage, storedError } from "./sent-message.js";
import type { SessionEvent } from "./session-event.js";

/** May messages leave now? `wait`: not yet, but the session is on its way. An error: no, and this is why. */
export type Leave = "now" | "wait" | ColloquyError;

/** The session as its outbox sees it. */
export interface OutboxSession {
  readonly provider: AnyProvider;
  readonly record: SessionRecord;
  readonly exchanges: Exchanges;
  leave(): Leave;
  publish(event: SessionEvent): void;
  /** The provider refused a message because the session is not connected, whatever we believed. */
  notConnected(): void;
}

interface Job {
  row: OutboxRow;
  readonly settled: Deferred<SentMessage>;
  /** Somebody awaits it, so a dead end must be told instead of waited out. */
  readonly isAwaited: boolean;
  readonly signal?: AbortSignal;
  readonly deadlineAtMs?: number;
  /** How often it came back unsent. */
  returns: number;
}

export interface SendOptions {
  /** Cancels while queued with nothing sent; later the outcome may be unknown. */
  readonly signal?: AbortSignal;
  /** For queueing, pacing and sending together, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number;
}

const maxInFlight = 4;
const maxReturns = 5;
const longestReturnDelayMs = 30_000;
const rank: Readonly<Record<Priority, number>> = { urgent: 0, normal: 1, bulk: 2 };

/** Stores each message before it leaves, and settles it by what became of it. Messages to one recipient keep their order. */
export class Outbox {
  readonly #runtime: Runtime;
  readonly #session: OutboxSession;
  readonly #jobs = new Map<MessageId, Job>();
  readonly #waiting: Job[] = [];
  readonly #inFlight = new Map<Job, Promise<void>>();
  readonly #stop = new AbortController();
  #recalled: Promise<void> | undefined;

  constructor(runtime: Runtime, session: OutboxSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Checks and stores all of them in one go; each promise settles with its message's fate. */
  async accept(
    messages: readonly OutboundMessage[],
    options: SendOptions = {},
  ): Promise<readonly { id: MessageId; settled: Promise<SentMessage> }[]> {
    const { record, provider } = this.#session;
    for (const message of messages) checkMessage(provider, message);
    const leave = this.#session.leave();
    if (leave instanceof ColloquyError) throw leave;
    if (options.signal?.aborted) throw abortReason(options.signal);
    const nowMs = this.#runtime.clock.now();
    const rows = await this.#runtime.store.outbox.add(
      messages.map((message) => ({
        sessionId: record.id,
        id: message.id ?? mintId("msg", nowMs, this.#runtime.random),
        state: "queued" as const,
        message,
        priority: message.priority ?? "normal",
        acceptedAtMs: nowMs,
      })),
    );
    await this.#recall(messages[0]);
    const deadlineAtMs = options.timeoutMs === undefined ? undefined : nowMs + options.timeoutMs;
    const accepted = rows.map((row) => ({ id: row.id, settled: this.#join(row, options.signal, deadlineAtMs) }));
    this.wake();
    return accepted;
  }

  /** Takes up what an earlier process left: queued messages go on; what may have left is reported as unknown. */
  async recover(): Promise<void> {
    const { id } = this.#session.record;
    const { outbox } = this.#runtime.store;
    for (const row of await outbox.list(id, { states: ["sending"] })) {
      if (this.#jobs.has(row.id)) continue;
      const error = unknownAfterCrash(row);
      await outbox.move(id, row.id, ["sending"], {
        state: "unknown",
        error: outboxError(error),
        settledAtMs: this.#runtime.clock.now(),
      });
      this.#tell(row.id, "unknown");
    }
    let afterSeq = 0;
    for (;;) {
      const rows = await outbox.list(id, { states: ["queued"], afterSeq });
      for (const row of rows)
        if (!this.#jobs.has(row.id)) this.#enqueue({ row, settled: createDeferred(), isAwaited: false, returns: 0 });
      const last = rows.at(-1);
      if (!last) break;
      afterSeq = last.seq;
    }
    await this.#recall(this.#waiting[0]?.row.message);
    this.wake();
  }

  /** Resolves when everything accepted or recovered here is settled. */
  async idle(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.allSettled([...this.#jobs.values()].map((job) => job.settled.promise));
  }

  /** Lets waiting messages leave if they may now. Called whenever the session's state changed. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    const leave = this.#session.leave();
    if (leave === "wait") return;
    if (leave !== "now") return this.#refuseAwaited(leave);
    while (this.#inFlight.size < maxInFlight) {
      const job = this.#next();
      if (!job) return;
      const run = this.#run(job).finally(() => {
        this.#inFlight.delete(job);
        this.wake();
      });
      this.#inFlight.set(job, run);
    }
  }

  /** Stops taking messages from the queue, gives those under way `graceMs`, and leaves the rest stored. */
  async stop(reason: ColloquyError, graceMs: number): Promise<void> {
    for (const job of this.#waiting.splice(0)) this.#drop(job, reason);
    const { clock } = this.#runtime;
    const grace = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#inFlight.values()),
      sleep(clock, graceMs, grace.signal).catch(() => {}),
    ]);
    grace.abort();
    this.#stop.abort(reason);
    await Promise.allSettled(this.#inFlight.values());
  }

  /** Tells the gate, once, what left for this session before this process: its limits count on. */
  async #recall(first: OutboundMessage | null | undefined): Promise<void> {
    if (first) await (this.#recalled ??= this.#recallDepartures(first));
  }

  async #recallDepartures(first: OutboundMessage): Promise<void> {
    const { provider, record } = this.#session;
    const { operation } = checkMessage(provider, first).send(first, this.#context());
    const windowMs = Math.max(0, ...(provider.limits ?? provider.manifest.limits).map((rule) => rule.windowMs));
    const departures = await this.#runtime.store.outbox.departures(record.id, this.#runtime.clock.now() - windowMs);
    const session = { id: record.id, settings: record.settings, secrets: async () => ({}) };
    this.#runtime.transport.recall(provider, operation, session, departures);
  }

  #context(): SessionContext {
    const { id, remoteId, settings } = this.#session.record;
    return { sessionId: id, remoteId: remoteId ?? "", settings };
  }

  #join(row: OutboxRow, signal: AbortSignal | undefined, deadlineAtMs: number | undefined): Promise<SentMessage> {
    const known = this.#jobs.get(row.id);
    if (known) return known.settled.promise;
    if (row.state === "sent") return Promise.resolve(sentMessage(row));
    if (row.state !== "queued") {
      const ended = createDeferred<SentMessage>();
      ended.reject(row.state === "sending" ? unknownAfterCrash(row) : storedError(row));
      return ended.promise;
    }
    const job: Job = {
      row,
      settled: createDeferred(),
      isAwaited: true,
      returns: 0,
      ...(signal ? { signal } : {}),
      ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
    };
    this.#enqueue(job);
    this.#watch(job);
    return job.settled.promise;
  }

  #enqueue(job: Job): void {
    this.#jobs.set(job.row.id, job);
    const place = this.#waiting.findLastIndex((other) => precedes(other, job));
    this.#waiting.splice(place + 1, 0, job);
  }

  #next(): Job | undefined {
    const busy = new Set([...this.#inFlight.keys()].map((job) => job.row.message?.to));
    const index = this.#waiting.findIndex((job) => !busy.has(job.row.message?.to));
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** While a message waits here nobody else looks at its signal and its deadline. */
  #watch(job: Job): void {
    const { signal, deadlineAtMs } = job;
    const onAbort = (): void => this.#giveUp(job, "cancelled", () => abortReason(signal as AbortSignal));
    const onDeadline = (): void => this.#giveUp(job, "failed", () => tooLate(job.row));
    const timer = deadlineAtMs === undefined ? undefined : this.#runtime.clock.setTimer(deadlineAtMs, onDeadline);
    signal?.addEventListener("abort", onAbort, { once: true });
    const forget = (): void => {
      timer?.cancel();
      signal?.removeEventListener("abort", onAbort);
    };
    job.settled.promise.then(forget, forget);
  }

  #giveUp(job: Job, state: "failed" | "cancelled", why: () => Error): void {
    const index = this.#waiting.indexOf(job);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    void this.#settle(job, state, why());
  }

  async #run(job: Job): Promise<void> {
    const { provider, record, exchanges } = this.#session;
    const { outbox } = this.#runtime.store;
    const message = job.row.message as OutboundMessage;
    let isOnTheWire = false;
    let repeatable: Repeatable = "never";
    try {
      const { operation, input } = checkMessage(provider, message).send(message, this.#context());
      repeatable = operation.repeatable;
      const result = await exchanges.execute(operation, input, record, {
        signal: this.#signalOf(job),
        priority: job.row.priority,
        ...(job.deadlineAtMs === undefined ? {} : { deadlineAtMs: job.deadlineAtMs }),
        onDispatch: async () => {
          // First from `queued` only: what is `sending` and not ours is on its way in another process.
          const from = isOnTheWire ? (["sending"] as const) : (["queued"] as const);
          const moved = await outbox.move(record.id, job.row.id, from, {
            state: "sending",
            startedAtMs: this.#runtime.clock.now(),
          });
          if (!moved) throw alreadyTaken(job.row);
          isOnTheWire = true;
        },
        onPaced: (untilMs) =>
          this.#session.publish({
            type: "paced",
            sessionId: record.id,
            atMs: this.#runtime.clock.now(),
            messageId: job.row.id,
            untilMs,
          }),
      });
      const receipt = result.value as OutboxRow["receipt"];
      const row = await outbox.move(record.id, job.row.id, ["sending", "unknown"], {
        state: "sent",
        message: null,
        settledAtMs: this.#runtime.clock.now(),
        ...(receipt ? { receipt } : {}),
      });
      this.#jobs.delete(job.row.id);
      job.settled.resolve(sentMessage(row ?? { ...job.row, ...(receipt ? { receipt } : {}) }, result.rateLimits));
      this.#tell(job.row.id, "sent");
    } catch (error) {
      await this.#failed(job, error, isOnTheWire && repeatable !== "never");
    }
  }

  /** `mayHaveArrived`: it left, and the transport cannot tell an abort on the wire from one between two attempts. */
  async #failed(job: Job, error: unknown, mayHaveArrived: boolean): Promise<void> {
    if (!isColloquyError(error)) return this.#settle(job, mayHaveArrived ? "unknown" : "cancelled", error);
    // The row is another process's by now.
    if (error.code === "SESSION_TAKEN_OVER") return this.#drop(job, error);
    // Shut down while waiting for a permit: the message stays queued for the next process.
    if (error.code === "SHUT_DOWN") return this.#leave(job, error);
    if (error.outcome === "unknown") return this.#settle(job, "unknown", error);
    const isFutile = job.returns >= maxReturns || job.deadlineAtMs !== undefined || !mayComeBack(error);
    return isFutile ? this.#settle(job, "failed", error) : this.#comeBack(job, error);
  }

  /** Certainly not processed, and worth another try: back to the front, after a pause. */
  async #comeBack(job: Job, error: ColloquyError): Promise<void> {
    await this.#runtime.store.outbox.move(this.#session.record.id, job.row.id, ["sending", "queued"], {
      state: "queued",
    });
    if (error.code === "SESSION_NOT_CONNECTED") this.#session.notConnected();
    const pauseMs = Math.max(error.retryAfterMs ?? 0, Math.min(longestReturnDelayMs, 500 * 2 ** job.returns));
    job.returns += 1;
    // Waiting in flight keeps later messages to the same recipient behind it.
    await sleep(this.#runtime.clock, pauseMs, this.#signalOf(job)).catch(() => {});
    if (this.#stop.signal.aborted) return this.#drop(job, this.#stop.signal.reason);
    if (job.signal?.aborted) return this.#settle(job, "cancelled", abortReason(job.signal));
    this.#enqueue(job);
  }

  #signalOf(job: Job): AbortSignal {
    return job.signal ? AbortSignal.any([job.signal, this.#stop.signal]) : this.#stop.signal;
  }

  async #settle(job: Job, state: "failed" | "unknown" | "cancelled", error: unknown): Promise<void> {
    this.#jobs.delete(job.row.id);
    try {
      await this.#runtime.store.outbox.move(this.#session.record.id, job.row.id, ["queued", "sending"], {
        state,
        error: outboxError(error),
        settledAtMs: this.#runtime.clock.now(),
      });
    } finally {
      job.settled.reject(error);
      this.#tell(job.row.id, state);
    }
  }

  async #leave(job: Job, reason: ColloquyError): Promise<void> {
    await this.#runtime.store.outbox.move(this.#session.record.id, job.row.id, ["sending"], { state: "queued" });
    this.#drop(job, reason);
  }

  /** Forgets the job but not the message. */
  #drop(job: Job, reason: unknown): void {
    this.#jobs.delete(job.row.id);
    job.settled.reject(reason);
  }

  #refuseAwaited(error: ColloquyError): void {
    for (const job of this.#waiting.filter(({ isAwaited }) => isAwaited)) {
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      void this.#settle(job, "failed", error);
    }
  }

  #tell(messageId: MessageId, state: "sent" | "failed" | "unknown" | "cancelled"): void {
    const { record, provider } = this.#session;
    this.#runtime.telemetry.count("colloquy.messages", { provider: provider.id, state });
    this.#session.publish({ type: "send", sessionId: record.id, atMs: this.#runtime.clock.now(), messageId, state });
  }
}

function precedes(earlier: Job, later: Job): boolean {
  const byPriority = rank[earlier.row.priority] - rank[later.row.priority];
  return byPriority < 0 || (byPriority === 0 && earlier.row.seq < later.row.seq);
}

/** Errors after which the same message may still leave by itself. */
function mayComeBack(error: ColloquyError): boolean {
  return (
    error.code === "SESSION_NOT_CONNECTED" || error.code === "NETWORK_UNREACHABLE" || error.code === "RATE_LIMITED"
  );
}

function unknownAfterCrash(row: OutboxRow): ColloquyError {
  return new ColloquyError({
    code: "OUTCOME_UNKNOWN",
    message: `Message ${row.id} was being sent when its process ended; whether it arrived is not known.`,
    sessionId: row.sessionId,
  });
}

function tooLate(row: OutboxRow): ColloquyError {
  return new ColloquyError({
    code: "DEADLINE_EXCEEDED",
    message: `Message ${row.id} could not leave in the time given.`,
    sessionId: row.sessionId,
  });
}

function alreadyTaken(row: OutboxRow): ColloquyError {
  return new ColloquyError({
    code: "SESSION_TAKEN_OVER",
    message: `Message ${row.id} was taken by another process.`,
    sessionId: row.sessionId,
    outcome: "unknown",
  });
}
