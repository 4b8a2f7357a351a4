import type { Clock } from "../clock.js";
import type { Operation, PieceReader, StreamedOperation, WireResponse } from "../contract/index.js";
import type { ExchangeRequest } from "./exchange.js";
import { readFailure } from "./failures.js";
import type { Reading } from "./read-answer.js";
import { readWireResponse } from "./wire-response.js";

/** ASSUMED: services that think for long send something meanwhile. */
const defaultIdleTimeoutMs = 60_000;

export function isStreamed<Input, Output>(
  operation: Operation<Input, Output>,
): operation is StreamedOperation<Input, Output, unknown> {
  return typeof (operation as Partial<StreamedOperation<Input, Output, unknown>>).pieces === "function";
}

/** The call whose answer is read. */
export interface ReadCall {
  readonly request: Pick<ExchangeRequest<never, unknown>, "provider" | "onPiece" | "deadlineAtMs">;
  readonly clock: Clock;
  /** The head of a success, which says all of the answer but its value. */
  readonly judge: (head: WireResponse, nowMs: number) => void;
  /** The attempt is given up then; undefined: it takes as long as it takes. */
  readonly rearm: (untilMs: number | undefined) => void;
}

/** One answer that is read while it comes: what the operation makes of it, handed to the caller piece by piece. */
export class AnswerReading<Input, Output> implements Reading {
  /** A piece reached the caller: from now on the call cannot be made again without being noticed. */
  hasGiven = false;
  /** What the operation's reader threw, to be known from the caller's own errors. */
  misread: unknown;
  readonly #operation: StreamedOperation<Input, Output, unknown>;
  readonly #call: ReadCall;
  #reader: PieceReader<unknown, Output> | undefined;

  constructor(operation: StreamedOperation<Input, Output, unknown>, call: ReadCall) {
    this.#operation = operation;
    this.#call = call;
  }

  get isUnderWay(): boolean {
    return this.#reader !== undefined;
  }

  /** Another attempt: the one before may have been cut off before its first piece. */
  reset(): void {
    this.#reader = undefined;
  }

  onHead(status: number, headers: Readonly<Record<string, unknown>>): boolean {
    const { request, clock, judge } = this.#call;
    const nowMs = clock.now();
    const head = readWireResponse(status, headers, new Uint8Array(), nowMs);
    if (status < 200 || status >= 300 || readFailure(request.provider, this.#operation, head)) return false;
    // Its limits count from the head on; how long the body takes says nothing of them.
    judge(head, nowMs);
    this.#reader = this.#operation.pieces(head);
    this.#expectMore();
    return true;
  }

  async onText(text: string): Promise<void> {
    await this.#take(text);
    this.#expectMore();
  }

  /** `response`: for an answer that was taken whole after all. */
  end(response: WireResponse): Output {
    return this.#reader ? this.#reader.end() : this.#operation.decode(response);
  }

  async #take(text: string): Promise<void> {
    const pieces = this.#guarded(() => (this.#reader as PieceReader<unknown, Output>).push(text));
    const { request, rearm } = this.#call;
    if (!request.onPiece) return;
    for (const piece of pieces) {
      this.hasGiven = true;
      // While the caller takes it, the sender is not waited for.
      rearm(request.deadlineAtMs);
      await request.onPiece(piece);
    }
  }

  /** The time of a whole attempt ends at the head; from then on only a pause of the body is too long. */
  #expectMore(): void {
    const { request, clock, rearm } = this.#call;
    const idleTimeoutMs = this.#operation.idleTimeoutMs ?? defaultIdleTimeoutMs;
    rearm(Math.min(clock.now() + idleTimeoutMs, request.deadlineAtMs ?? Number.POSITIVE_INFINITY));
  }

  #guarded<Result>(run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      this.misread = error;
      throw error;
    }
  }
}
