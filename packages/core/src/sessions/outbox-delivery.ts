import { abortReason, sleep } from "../clock.js";
import {
  type AnyOperation,
  type ColloquyError,
  isColloquyError,
  type MessageId,
  type OutboundMessage,
  type RateLimitReading,
  type SendReceipt,
  type SessionContext,
} from "../contract/index.js";
import type { OutboxPatch, OutboxState } from "../store/store.js";
import type { OperationResult } from "../transport/exchange.js";
import { beforeItLeft, notMarked } from "./before-it-left.js";
import { checkMessage } from "./check-message.js";
import { mayComeBack } from "./may-come-back.js";
import { alreadyTaken, type OutboxJob } from "./outbox-job.js";
import type { OutboxSession } from "./outbox-session.js";
import { OutboxWriter } from "./outbox-writer.js";
import { Reconciliation } from "./reconciliation.js";
import type { Runtime } from "./runtime.js";
import { outboxError, sentMessage, storedError } from "./sent-message.js";
import { contextOf } from "./session-context.js";
import { settledElsewhere } from "./settled-elsewhere.js";

const maxReturns = 5;
const longestReturnDelayMs = 30_000;

/** What the outbox does with a job that is over, or must leave again. */
export interface DeliveryEnds {
  over(job: OutboxJob): void;
  again(job: OutboxJob): void;
}

/** Sends one message and settles it by what became of it. */
export class Delivery {
  readonly #runtime: Runtime;
  readonly #session: OutboxSession;
  readonly #ends: DeliveryEnds;
  readonly #reconciliation: Reconciliation;
  /** Messages that another process sends, and somebody here waits for. */
  readonly #followed = new Set<OutboxJob>();
  readonly #writer: OutboxWriter;

  constructor(runtime: Runtime, session: OutboxSession, ends: DeliveryEnds) {
    this.#runtime = runtime;
    this.#session = session;
    this.#ends = ends;
    this.#writer = new OutboxWriter(runtime);
    this.#reconciliation = new Reconciliation(runtime, session);
  }

  /** Whether what is unknown is looked into. */
  get mayReconcile(): boolean {
    return this.#reconciliation.isPossible;
  }

  async run(job: OutboxJob): Promise<void> {
    let result: OperationResult<unknown>;
    try {
      await this.#mark(job);
      result = await this.#exchange(job);
    } catch (error) {
      return this.#failed(job, error);
    }
    await this.#succeeded(job, result);
  }

  /** Told when a message was settled without a delivery, too. Never rejects. */
  async settle(job: OutboxJob, state: "failed" | "unknown" | "cancelled", error: unknown): Promise<void> {
    this.#ends.over(job);
    const patch: OutboxPatch = { state, error: outboxError(error), settledAtMs: this.#now() };
    await this.#writer.write(job, ["queued", "sending"], patch, () => {
      job.settled.reject(error);
      this.tell(job.row.id, state);
    });
  }

  /** The row is `unknown`: finds out what became of the message, as far as that can be told, and acts on it. */
  async reconcile(job: OutboxJob, error: ColloquyError): Promise<void> {
    job.epoch = this.#session.epoch;
    const fate = await this.#reconciliation.fateOf(job.row.id, this.context(), job.recall);
    if (fate === "again" && (await this.#writer.write(job, ["unknown"], { state: "queued" }))) return this.#again(job);
    if (typeof fate === "object") return this.#sent(job, fate, []);
    this.#ends.over(job);
    job.settled.reject(error);
    this.tell(job.row.id, "unknown");
  }

  /** Forgets the job but not the message. */
  drop(job: OutboxJob, reason: unknown): void {
    this.#ends.over(job);
    job.settled.reject(reason);
  }

  tell(messageId: MessageId, state: "sent" | "failed" | "unknown" | "cancelled"): void {
    const { record, provider } = this.#session;
    this.#runtime.telemetry.count("colloquy.messages", { provider: provider.id, state });
    this.#session.publish({ type: "send", sessionId: record.id, atMs: this.#now(), messageId, state });
  }

  /** The session as a facet sees it. */
  context(): SessionContext {
    return contextOf(this.#session);
  }

  #exchange(job: OutboxJob): Promise<OperationResult<unknown>> {
    const { provider, record, exchanges } = this.#session;
    // By its id a provider can name the request, and so know a repetition.
    const message: OutboundMessage = { ...(job.row.message as OutboundMessage), id: job.row.id };
    const { operation, input } = checkMessage(provider, message).send(message, this.context());
    return exchanges.execute(operation, input, record, {
      signal: job.recall,
      priority: job.row.priority,
      ...(job.deadlineAtMs === undefined ? {} : { deadlineAtMs: job.deadlineAtMs }),
      onDispatch: () => this.#dispatch(job, operation),
      assertMayLeave: () => this.#assertOurs(job),
      onPaced: (untilMs) =>
        this.#session.publish({
          type: "paced",
          sessionId: record.id,
          atMs: this.#now(),
          messageId: job.row.id,
          untilMs,
        }),
    });
  }

  stopFollowing(reason: ColloquyError): void {
    for (const job of this.#followed) job.recall.abort(reason);
  }

  /** What cannot be written now is left to the next process. */
  stopWriting(reason: ColloquyError): void {
    this.#writer.stop(reason);
  }

  async #mark({ row }: OutboxJob): Promise<void> {
    const { provider, record, exchanges } = this.#session;
    const { send } = provider.facets;
    if (!send?.mark || row.mark !== undefined || !this.#reconciliation.isPossible) return;
    const mark = await exchanges
      .run(send.mark(row.message as OutboundMessage, this.context()), record)
      .catch((error: unknown) => {
        if (isColloquyError(error) && error.code === "REMOTE_NOT_FOUND") this.#session.notConnected();
        throw isColloquyError(error) ? notMarked(error) : error;
      });
    await this.#writer.move(row, ["queued"], { mark }).catch((error: unknown) => {
      throw beforeItLeft(error);
    });
  }

  async #dispatch(job: OutboxJob, { repeatable }: AnyOperation): Promise<void> {
    this.#assertOurs(job);
    // First from `queued` only: what is `sending` and not ours is on its way in another process.
    const from: readonly OutboxState[] = job.isOnTheWire ? ["sending"] : ["queued"];
    const patch: OutboxPatch = { state: "sending", startedAtMs: this.#now() };
    job.epoch = this.#session.epoch;
    const taken = await this.#writer.move(job.row, from, patch, job.epoch).catch((error: unknown) => {
      throw beforeItLeft(error);
    });
    if (!taken) {
      this.#session.notOurs();
      throw alreadyTaken(job.row);
    }
    job.isOnTheWire = true;
    // The process may have stood still meanwhile.
    this.#assertOurs(job);
    job.mayBeThere = repeatable !== "never";
  }

  #assertOurs({ row }: OutboxJob): void {
    const refusal = this.#runtime.refusal(row.sessionId);
    if (refusal) throw refusal;
  }

  async #succeeded(job: OutboxJob, { value, rateLimits }: OperationResult<unknown>): Promise<void> {
    await this.#sent(job, await this.#heed(value as SendReceipt), rateLimits);
  }

  async #sent(job: OutboxJob, receipt: SendReceipt, rateLimits: readonly RateLimitReading[]): Promise<void> {
    // Where the provider is not asked how far a message got, events name it as sending did.
    const key = this.#session.provider.facets.send?.progress ? {} : { messageKey: receipt.providerMessageId };
    const settled = { state: "sent", message: null, receipt, ...key, settledAtMs: this.#now() } as const;
    // It was sent, whatever the store says now.
    await this.#writer.write(job, ["sending", "unknown"], settled, () => {
      this.#ends.over(job);
      job.settled.resolve(sentMessage({ ...job.row, ...settled }, this.#session.receipts, rateLimits));
      this.tell(job.row.id, "sent");
    });
  }

  /** Keeps what the answer itself told, before the send counts as settled: a reply is lost with its answer otherwise. */
  async #heed(receipt: SendReceipt): Promise<SendReceipt> {
    const { send } = this.#session.provider.facets;
    if (!send?.events) return receipt;
    try {
      await this.#session.keep(send.events(receipt, this.context()));
    } catch (error) {
      const code = isColloquyError(error) ? error.code : "unexpected";
      this.#runtime.logger.log("error", "outbox.reply_not_kept", { sessionId: this.#session.record.id, code });
    }
    // What it told is in the inbox now, and need not be kept twice.
    const { providerMessageId, status } = receipt;
    return { providerMessageId, status };
  }

  async #failed(job: OutboxJob, error: unknown): Promise<void> {
    // A bare abort: the transport tells OUTCOME_UNKNOWN itself for a send that must not be repeated.
    if (!isColloquyError(error)) return this.settle(job, job.mayBeThere ? "unknown" : "cancelled", error);
    if (error.code === "SESSION_TAKEN_OVER") return this.#yield(job, error);
    // Called back for the next process, before it left.
    if (error.code === "SHUT_DOWN") return this.#putBack(job, error);
    if (error.outcome === "unknown") return this.#becomeUnknown(job, error);
    if (!job.isAwaited && error.code === "STORE_UNAVAILABLE") return this.#comeBack(job, error);
    const isFutile = job.returns >= maxReturns || job.deadlineAtMs !== undefined || !mayComeBack(error);
    return isFutile ? this.settle(job, "failed", error) : this.#comeBack(job, error);
  }

  /** Certainly not processed, and worth another try: back to the front, after a pause. */
  async #comeBack(job: OutboxJob, error: ColloquyError): Promise<void> {
    await this.#writer.write(job, ["sending", "queued"], { state: "queued" });
    job.isOnTheWire = false;
    job.mayBeThere = false;
    if (error.code === "SESSION_NOT_CONNECTED") this.#session.notConnected();
    const pauseMs = Math.max(error.retryAfterMs ?? 0, Math.min(longestReturnDelayMs, 500 * 2 ** job.returns));
    job.returns += 1;
    const { recall: signal } = job;
    // Waiting as if in flight keeps later messages to the same recipient behind it.
    await sleep(this.#runtime.clock, pauseMs, signal).catch(() => {});
    if (!signal.aborted) this.#again(job);
    else if (isColloquyError(signal.reason)) this.drop(job, signal.reason);
    else await this.settle(job, "cancelled", abortReason(signal));
  }

  async #putBack(job: OutboxJob, reason: ColloquyError): Promise<void> {
    await this.#writer.write(job, ["sending"], { state: "queued" });
    this.drop(job, reason);
  }

  #again(job: OutboxJob): void {
    job.isOnTheWire = false;
    job.mayBeThere = false;
    this.#ends.again(job);
  }

  /** The message is another process's by now, or will be. */
  async #yield(job: OutboxJob, error: ColloquyError): Promise<void> {
    // An earlier attempt had taken it from the queue: nobody else knows what became of that.
    if (job.isOnTheWire)
      await this.#writer.write(
        job,
        ["sending"],
        job.mayBeThere
          ? { state: "unknown", error: outboxError(error), settledAtMs: this.#now() }
          : { state: "queued" },
      );
    this.#follow(job, error);
  }

  async #becomeUnknown(job: OutboxJob, error: ColloquyError): Promise<void> {
    if (!this.#reconciliation.isPossible) return this.settle(job, "unknown", error);
    const patch: OutboxPatch = { state: "unknown", error: outboxError(error), settledAtMs: this.#now() };
    await this.#writer.write(job, ["queued", "sending"], patch);
    await this.reconcile(job, error);
  }

  /** Another process sends it, or this one once it is sure again; whoever waits here hears of it. Holds nothing else up. */
  #follow(job: OutboxJob, error: ColloquyError): void {
    if (!job.isAwaited) return this.drop(job, error);
    this.#followed.add(job);
    const { sessionId } = job.row;
    const isOurs = (): boolean => this.#session.epoch !== undefined && !this.#runtime.refusal(sessionId);
    void settledElsewhere(this.#runtime, job.row, job.recall, isOurs)
      .then(
        (row) => {
          if (row?.state === "queued") return this.#again(job);
          this.#ends.over(job);
          if (row?.state === "sent") job.settled.resolve(sentMessage(row, this.#session.receipts));
          else job.settled.reject(row ? storedError(row) : error);
        },
        (reason: unknown) => this.drop(job, reason),
      )
      .finally(() => this.#followed.delete(job));
  }

  #now(): number {
    return this.#runtime.clock.now();
  }
}
