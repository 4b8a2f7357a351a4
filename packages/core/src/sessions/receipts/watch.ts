import { abortReason, type Clock, type Timer } from "../../clock.js";
import { ColloquyError } from "../../contract/index.js";
import type { OutboxDelivery, OutboxRow } from "../../store/store.js";
import { createDeferred } from "../deferred.js";
import { deliveryFailed, type ReceiptGoal, type ReceiptOptions, verdictOn } from "./receipt.js";

// ASSUMED: soon enough for a person who looks on, and seldom enough for a phone that is off for days.
const firstLookMs = 2_000;
/** Where events tell, looking is only for those that were lost. */
const firstLookWithEventsMs = 60_000;
const longestLookMs = 300_000;

interface Waiter {
  readonly goal: ReceiptGoal;
  resolve(delivery: OutboxDelivery | undefined): void;
  reject(error: unknown): void;
}

type Named = Pick<OutboxRow, "id" | "sessionId">;

/** Everybody who waits for one message, and when it is looked at next. `onOver` is told when the last one is gone. */
export class Watch {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  readonly #waiters = new Set<Waiter>();
  #timer: Timer | undefined;
  #looks = 0;

  constructor(clock: Clock, onOver: () => void) {
    this.#clock = clock;
    this.#onOver = onOver;
  }

  get isOver(): boolean {
    return this.#waiters.size === 0;
  }

  /** The promise may be dropped: its rejection is then nobody's. */
  wait(row: Named, goal: ReceiptGoal, { signal, timeoutMs }: ReceiptOptions): Promise<OutboxDelivery | undefined> {
    const settled = createDeferred<OutboxDelivery | undefined>();
    let timer: Timer | undefined;
    const over = (): void => {
      timer?.cancel();
      signal?.removeEventListener("abort", onAbort);
      if (this.#waiters.delete(waiter) && this.isOver) this.#end();
    };
    const waiter: Waiter = {
      goal,
      resolve: (delivery) => {
        over();
        settled.resolve(delivery);
      },
      reject: (error) => {
        over();
        settled.reject(error);
      },
    };
    const onAbort = (): void => waiter.reject(abortReason(signal as AbortSignal));
    this.#waiters.add(waiter);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    else if (timeoutMs !== undefined)
      timer = this.#clock.setTimer(this.#clock.now() + timeoutMs, () => waiter.reject(timedOut(row, goal, timeoutMs)));
    return settled.promise;
  }

  /** Settles whoever the row's delivery decides. */
  judge(row: OutboxRow): void {
    for (const waiter of [...this.#waiters]) {
      const verdict = verdictOn(waiter.goal, row.delivery?.status);
      if (verdict === "reached") waiter.resolve(row.delivery);
      else if (verdict === "impossible" && waiter.goal === "failed") waiter.resolve(undefined);
      else if (verdict === "impossible") waiter.reject(deliveryFailed(row));
    }
  }

  end(reason: ColloquyError): void {
    for (const waiter of [...this.#waiters]) waiter.reject(reason);
  }

  /** Calls `look` after a pause that doubles from look to look. */
  lookLater(look: () => void, hearsEvents: boolean): void {
    const firstMs = hearsEvents ? firstLookWithEventsMs : firstLookMs;
    const pauseMs = Math.min(longestLookMs, firstMs * 2 ** this.#looks++);
    this.#timer = this.#clock.setTimer(this.#clock.now() + pauseMs, look);
  }

  #end(): void {
    this.#timer?.cancel();
    this.#onOver();
  }
}

function timedOut(row: Named, goal: ReceiptGoal, timeoutMs: number): ColloquyError {
  return new ColloquyError({
    code: "WAIT_TIMEOUT",
    message: `Nothing told within ${timeoutMs} ms that message ${row.id} was ${goal === "failed" ? "delivered or failed" : goal}.`,
    userAction: "Wait longer: the recipient's phone may be off. The message itself is on its way.",
    sessionId: row.sessionId,
  });
}
