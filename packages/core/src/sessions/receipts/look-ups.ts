import { Cancellation, type CancelSignal } from "../../cancellation.js";
import { isColloquyError, type MessageId, type MessageProgress, type SendReceipt } from "../../contract/index.js";
import type { OutboxRow } from "../../store/store.js";
import type { Runtime } from "../runtime.js";
import type { ReceiptSession } from "./receipts.js";

/** Asks the provider how far messages got: one at a time, behind everything else that the session has to send. */
export class LookUps {
  readonly #runtime: Runtime;
  readonly #session: ReceiptSession;
  readonly #asked = new Map<MessageId, Promise<MessageProgress | undefined>>();
  readonly #abort = new Cancellation();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(runtime: Runtime, session: ReceiptSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Undefined when the provider could not tell. Asking about a message again while its turn has not come costs nothing. */
  ask(row: OutboxRow): Promise<MessageProgress | undefined> {
    const known = this.#asked.get(row.id);
    if (known) return known;
    const asking = this.#turn
      .then(() => this.#ask(row.id, row.receipt))
      .finally(() => {
        this.#asked.delete(row.id);
      });
    this.#turn = asking;
    this.#asked.set(row.id, asking);
    return asking;
  }

  /** Aborted when nothing is asked any more. */
  get signal(): CancelSignal {
    return this.#abort;
  }

  stop(): void {
    this.#abort.abort();
  }

  async #ask(id: MessageId, receipt: SendReceipt | undefined): Promise<MessageProgress | undefined> {
    const signal = this.#abort;
    const { provider, record, exchanges } = this.#session;
    const facet = provider.facets.send;
    if (!receipt || !facet?.progress || signal.aborted) return undefined;
    const context = { sessionId: record.id, remoteId: record.remoteId ?? "", settings: record.settings };
    try {
      return await exchanges.run(facet.progress(receipt, context), record, { signal, priority: "bulk" });
    } catch (error) {
      const code = isColloquyError(error) ? error.code : "unexpected";
      if (!signal.aborted)
        this.#runtime.logger.log("debug", "receipt.not_told", { sessionId: record.id, messageId: id, code });
      return undefined;
    }
  }
}
