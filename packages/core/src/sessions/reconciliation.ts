import type { CancelSignal } from "../cancellation.js";
import { sleep } from "../clock.js";
import {
  isColloquyError,
  type MessageId,
  type OtherSend,
  type OutboundMessage,
  type SendReceipt,
  type SessionContext,
} from "../contract/index.js";
import type { OutboxRow } from "../store/store.js";
import type { OutboxSession } from "./outbox-session.js";
import type { Runtime } from "./runtime.js";

/** What was sent before and after, to tell two messages with the same words apart. */
const neighbours = 100;
const mostLooks = 3;
const firstPauseMs = 300;

/** A receipt: the provider has it. `again`: it has it not, or it does not matter. `held`: nobody can tell. */
export type Fate = SendReceipt | "again" | "held";

/** Finds out what became of messages whose answer was lost, by asking the provider. */
export class Reconciliation {
  readonly #runtime: Runtime;
  readonly #session: OutboxSession;

  constructor(runtime: Runtime, session: OutboxSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  get isPossible(): boolean {
    const { onUnknown } = this.#runtime;
    return (
      onUnknown === "resend" || (onUnknown === "reconcile" && this.#session.provider.facets.send?.settle !== undefined)
    );
  }

  /** Looks a few times while the provider cannot be asked; then the message is held, and a later process looks again. */
  async fateOf(id: MessageId, context: SessionContext, signal: CancelSignal): Promise<Fate> {
    if (this.#runtime.onUnknown === "resend") return "again";
    for (let look = 0; look < mostLooks; look++) {
      try {
        return await this.#look(id, context, signal);
      } catch (error) {
        if (signal.aborted) return "held";
        const code = isColloquyError(error) ? error.code : "unexpected";
        this.#runtime.logger.log("warn", "outbox.not_reconciled", { sessionId: context.sessionId, code, look });
      }
      if (look < mostLooks - 1) await sleep(this.#runtime.clock, firstPauseMs * 2 ** look, signal).catch(() => {});
    }
    return "held";
  }

  async #look(id: MessageId, context: SessionContext, signal: CancelSignal): Promise<Fate> {
    const { outbox } = this.#runtime.store;
    const { provider, exchanges, record } = this.#session;
    const row = await outbox.get(record.id, id);
    const { send } = provider.facets;
    if (!row?.message || !send?.settle) return "held";
    const message: OutboundMessage = row.message;
    const traces = {
      ...(row.mark === undefined ? {} : { mark: row.mark }),
      startedAtMs: row.startedAtMs ?? row.acceptedAtMs,
      endedAtMs: row.settledAtMs ?? this.#runtime.clock.now(),
      others: await this.#others(row),
    };
    const found = await exchanges.run(send.settle(message, traces, context), record, { signal });
    if (typeof found === "object") return found;
    if (found === "not_taken") return "again";
    await outbox.move(record.id, id, ["unknown"], { lookedAtMs: this.#runtime.clock.now() });
    return "held";
  }

  async #others({ sessionId, seq }: OutboxRow): Promise<readonly OtherSend[]> {
    const afterSeq = Math.max(0, seq - neighbours);
    const rows = await this.#runtime.store.outbox.list(sessionId, {
      states: ["sent"],
      afterSeq,
      limit: 2 * neighbours,
    });
    return rows.flatMap(
      ({ receipt, acceptedAtMs, startedAtMs = acceptedAtMs, settledAtMs: endedAtMs = startedAtMs }) =>
        receipt ? [{ providerMessageId: receipt.providerMessageId, startedAtMs, endedAtMs }] : [],
    );
  }
}
