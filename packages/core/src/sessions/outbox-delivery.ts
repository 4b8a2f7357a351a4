import { abortReason, sleep } from "../clock.js";
import {
  type AnyOperation,
  type ColloquyError,
  isColloquyError,
  type MessageId,
  type OutboundMessage,
  type SendReceipt,
  type SessionContext,
} from "../contract/index.js";
import type { OutboxPatch, OutboxRow, OutboxState } from "../store/store.js";
import type { OperationResult } from "../transport/exchange.js";
import { checkMessage } from "./check-message.js";
import { alreadyTaken, type OutboxJob } from "./outbox-job.js";
import type { OutboxSession } from "./outbox-session.js";
import type { Runtime } from "./runtime.js";
import { outboxError, sentMessage } from "./sent-message.js";

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

  constructor(runtime: Runtime, session: OutboxSession, ends: DeliveryEnds) {
    this.#runtime = runtime;
    this.#session = session;
    this.#ends = ends;
  }

  async run(job: OutboxJob): Promise<void> {
    let result: OperationResult<unknown>;
    try {
      result = await this.#exchange(job);
    } catch (error) {
      return this.#failed(job, error);
    }
    await this.#succeeded(job, result);
  }

  /** Told when a message was settled without a delivery, too. */
  async settle(job: OutboxJob, state: "failed" | "unknown" | "cancelled", error: unknown): Promise<void> {
    this.#ends.over(job);
    try {
      await this.#move(job.row.id, ["queued", "sending"], {
        state,
        error: outboxError(error),
        settledAtMs: this.#now(),
      });
    } finally {
      job.settled.reject(error);
      this.tell(job.row.id, state);
    }
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
    const { id, remoteId, settings } = this.#session.record;
    return { sessionId: id, remoteId: remoteId ?? "", settings };
  }

  #exchange(job: OutboxJob): Promise<OperationResult<unknown>> {
    const { provider, record, exchanges } = this.#session;
    const message = job.row.message as OutboundMessage;
    const { operation, input } = checkMessage(provider, message).send(message, this.context());
    return exchanges.execute(operation, input, record, {
      signal: job.recall,
      priority: job.row.priority,
      ...(job.deadlineAtMs === undefined ? {} : { deadlineAtMs: job.deadlineAtMs }),
      onDispatch: () => this.#dispatch(job, operation),
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

  async #dispatch(job: OutboxJob, { repeatable }: AnyOperation): Promise<void> {
    // First from `queued` only: what is `sending` and not ours is on its way in another process.
    const from: readonly OutboxState[] = job.isOnTheWire ? ["sending"] : ["queued"];
    if (!(await this.#move(job.row.id, from, { state: "sending", startedAtMs: this.#now() })))
      throw alreadyTaken(job.row);
    job.isOnTheWire = true;
    job.mayBeThere = repeatable !== "never";
  }

  async #succeeded(job: OutboxJob, { value, rateLimits }: OperationResult<unknown>): Promise<void> {
    const receipt = await this.#heed(value as NonNullable<OutboxRow["receipt"]>);
    // Where the provider is not asked how far a message got, events name it as sending did.
    const key = this.#session.provider.facets.send?.progress ? {} : { messageKey: receipt.providerMessageId };
    const settled = { state: "sent", message: null, receipt, ...key, settledAtMs: this.#now() } as const;
    try {
      await this.#move(job.row.id, ["sending", "unknown"], settled);
    } catch (error) {
      // It was sent, whatever the store says now. A later process will find it `sending` and report it as unknown.
      const code = isColloquyError(error) ? error.code : "unexpected";
      this.#runtime.logger.log("error", "outbox.not_settled", { sessionId: job.row.sessionId, code });
    }
    this.#ends.over(job);
    job.settled.resolve(sentMessage({ ...job.row, ...settled }, this.#session.receipts, rateLimits));
    this.tell(job.row.id, "sent");
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
    // The row is another process's by now.
    if (error.code === "SESSION_TAKEN_OVER") return this.drop(job, error);
    // Called back for the next process, before it left.
    if (error.code === "SHUT_DOWN") return this.#putBack(job, error);
    if (error.outcome === "unknown") return this.settle(job, "unknown", error);
    const isFutile = job.returns >= maxReturns || job.deadlineAtMs !== undefined || !mayComeBack(error);
    return isFutile ? this.settle(job, "failed", error) : this.#comeBack(job, error);
  }

  /** Certainly not processed, and worth another try: back to the front, after a pause. */
  async #comeBack(job: OutboxJob, error: ColloquyError): Promise<void> {
    await this.#move(job.row.id, ["sending", "queued"], { state: "queued" });
    job.isOnTheWire = false;
    job.mayBeThere = false;
    if (error.code === "SESSION_NOT_CONNECTED") this.#session.notConnected();
    const pauseMs = Math.max(error.retryAfterMs ?? 0, Math.min(longestReturnDelayMs, 500 * 2 ** job.returns));
    job.returns += 1;
    const { recall: signal } = job;
    // Waiting as if in flight keeps later messages to the same recipient behind it.
    await sleep(this.#runtime.clock, pauseMs, signal).catch(() => {});
    if (!signal.aborted) this.#ends.again(job);
    else if (isColloquyError(signal.reason)) this.drop(job, signal.reason);
    else await this.settle(job, "cancelled", abortReason(signal));
  }

  async #putBack(job: OutboxJob, reason: ColloquyError): Promise<void> {
    await this.#move(job.row.id, ["sending"], { state: "queued" });
    this.drop(job, reason);
  }

  #move(id: MessageId, from: readonly OutboxState[], patch: OutboxPatch): Promise<OutboxRow | undefined> {
    return this.#runtime.store.outbox.move(this.#session.record.id, id, from, patch);
  }

  #now(): number {
    return this.#runtime.clock.now();
  }
}

/** Errors after which the same message may still leave by itself. */
function mayComeBack({ code, outcome }: ColloquyError): boolean {
  if (code === "PROVIDER_UNAVAILABLE") return outcome === "not_attempted";
  return code === "SESSION_NOT_CONNECTED" || code === "NETWORK_UNREACHABLE" || code === "RATE_LIMITED";
}
