import { abortReason, type Clock, type Timer } from "../../clock.js";
import { ColloquyError, type InstantMs, type SessionId } from "../../contract/index.js";
import type { AskRow, AskState } from "../../store/asks.js";
import type { WaitOptions } from "../waiting.js";
import type { Ask, AskOutcome } from "./ask.js";

/** What a handle asks of those who do the work. */
export interface AskKeeper {
  readonly clock: Clock;
  wait(): Promise<AskOutcome<unknown>>;
  state(id: string): Promise<AskState>;
  cancel(id: string): Promise<boolean>;
}

export class AskHandle implements Ask<unknown> {
  readonly id: string;
  readonly sessionId: SessionId;
  readonly deadlineAtMs: InstantMs;
  readonly #keeper: AskKeeper;
  #outcome: Promise<AskOutcome<unknown>> | undefined;
  #answer: Promise<unknown> | undefined;

  constructor(row: AskRow, keeper: AskKeeper) {
    this.id = row.id;
    this.sessionId = row.sessionId;
    this.deadlineAtMs = row.question.deadlineAtMs;
    this.#keeper = keeper;
  }

  get outcome(): Promise<AskOutcome<unknown>> {
    this.#outcome ??= quietly(this.#keeper.wait());
    return this.#outcome;
  }

  get answer(): Promise<unknown> {
    this.#answer ??= quietly(
      this.outcome.then((outcome) => {
        if (outcome.state === "answered") return outcome.answer;
        throw outcome.error;
      }),
    );
    return this.#answer;
  }

  wait({ signal, timeoutMs }: WaitOptions = {}): Promise<unknown> {
    const { clock } = this.#keeper;
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const onAbort = (): void => finish(() => reject(abortReason(signal as AbortSignal)));
      const finish = (settle: () => void): void => {
        timer?.cancel();
        signal?.removeEventListener("abort", onAbort);
        settle();
      };
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      if (timeoutMs !== undefined)
        timer = clock.setTimer(clock.now() + timeoutMs, () => finish(() => reject(this.#timedOut(timeoutMs))));
      this.answer.then(
        (answer) => finish(() => resolve(answer)),
        (error: unknown) => finish(() => reject(error)),
      );
    });
  }

  state(): Promise<AskState> {
    return this.#keeper.state(this.id);
  }

  cancel(): Promise<boolean> {
    return this.#keeper.cancel(this.id);
  }

  #timedOut(timeoutMs: number): ColloquyError {
    return new ColloquyError({
      code: "WAIT_TIMEOUT",
      message: `Question ${this.id} has no answer after ${timeoutMs} ms.`,
      userAction: "Wait longer: the question itself stays open until its deadline.",
      sessionId: this.sessionId,
    });
  }
}

/** A rejection that nobody awaits is not an unhandled one. */
function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}
