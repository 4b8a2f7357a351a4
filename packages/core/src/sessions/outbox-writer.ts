import { Cancellation } from "../cancellation.js";
import { sleep } from "../clock.js";
import { type ColloquyError, isColloquyError } from "../contract/index.js";
import type { OutboxPatch, OutboxRow, OutboxState } from "../store/store.js";
import type { OutboxJob } from "./outbox-job.js";
import type { Runtime } from "./runtime.js";

/** Between attempts to write what became of a message while the store is away, doubling. ASSUMED. */
const firstWritePauseMs = 250;
const longestWritePauseMs = 5_000;

/** Stores what becomes of messages. */
export class OutboxWriter {
  readonly #runtime: Runtime;
  /** This process lets the session go, and writes nothing more. */
  readonly #over = new Cancellation();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** What cannot be written now is left to the next process. */
  stop(reason: ColloquyError): void {
    this.#over.abort(reason);
  }

  /**
   * Writes what became of a message, and waits for a store that is away for as long as this process runs the session: nobody
   * else knows it. What is not written by then a later process finds `sending`, and reports as unknown. Never rejects; `first`
   * is called after the first attempt, however it ended.
   */
  async write(
    job: OutboxJob,
    from: readonly OutboxState[],
    patch: OutboxPatch,
    first: () => void = () => {},
  ): Promise<OutboxRow | undefined> {
    let isFirst = true;
    // What was sent is true whoever says it; only the owner may say that it can leave again.
    const epoch = patch.state === "queued" ? job.epoch : undefined;
    for (let pauseMs = firstWritePauseMs; ; pauseMs = Math.min(longestWritePauseMs, 2 * pauseMs)) {
      try {
        const row = await this.move(job.row, from, patch, epoch);
        if (isFirst) first();
        return row;
      } catch (error) {
        if (isFirst) first();
        isFirst = false;
        const code = isColloquyError(error) ? error.code : "unexpected";
        this.#runtime.logger.log("error", "outbox.not_settled", { sessionId: job.row.sessionId, code });
        if (code !== "STORE_UNAVAILABLE") return undefined;
      }
      await sleep(this.#runtime.clock, pauseMs, this.#over).catch(() => {});
      if (this.#over.aborted) return undefined;
    }
  }

  /** One attempt. Undefined when the message stands elsewhere, or is another process's. */
  move(
    { sessionId, id }: OutboxRow,
    from: readonly OutboxState[],
    patch: OutboxPatch,
    epoch?: number,
  ): Promise<OutboxRow | undefined> {
    return this.#runtime.store.outbox.move(sessionId, id, from, patch, epoch);
  }
}
