import type { Operation, PieceReader, StreamedOperation, WireResponse } from "../contract/index.js";

/** ASSUMED: services that think for long send something meanwhile. */
const defaultIdleTimeoutMs = 60_000;

type AnyStreamedOperation<Output> = StreamedOperation<never, Output, unknown>;

export function isStreamed<Output>(
  operation: Operation<never, Output>,
): operation is StreamedOperation<never, Output, unknown> {
  return typeof (operation as Partial<AnyStreamedOperation<Output>>).pieces === "function";
}

/** One answer that is read while it comes: what the operation makes of it, handed to the caller piece by piece. */
export class AnswerReading<Output> {
  readonly idleTimeoutMs: number;
  /** A piece reached the caller: from now on the call cannot be made again without being noticed. */
  hasGiven = false;
  /** What the operation's reader threw, to be known from the caller's own errors. */
  misread: unknown;
  readonly #operation: AnyStreamedOperation<Output>;
  readonly #onPiece: ((piece: unknown) => void | Promise<void>) | undefined;
  readonly #whileTaken: (run: () => void | Promise<void>) => Promise<void>;
  #reader: PieceReader<unknown, Output> | undefined;

  constructor(
    operation: AnyStreamedOperation<Output>,
    onPiece: ((piece: unknown) => void | Promise<void>) | undefined,
    whileTaken: (run: () => void | Promise<void>) => Promise<void>,
  ) {
    this.#operation = operation;
    this.#onPiece = onPiece;
    this.#whileTaken = whileTaken;
    this.idleTimeoutMs = operation.idleTimeoutMs ?? defaultIdleTimeoutMs;
  }

  get isUnderWay(): boolean {
    return this.#reader !== undefined;
  }

  /** Another attempt: the one before may have been cut off before its first piece. */
  reset(): void {
    this.#reader = undefined;
  }

  /** A success begins. */
  begin(head: WireResponse): void {
    this.#reader = this.#operation.pieces(head);
  }

  async take(text: string): Promise<void> {
    const pieces = this.#guarded(() => (this.#reader as PieceReader<unknown, Output>).push(text));
    if (!this.#onPiece) return;
    for (const piece of pieces) {
      this.hasGiven = true;
      await this.#whileTaken(() => this.#onPiece?.(piece));
    }
  }

  /** `response`: for an answer that was taken whole after all. */
  end(response: WireResponse): Output {
    return this.#reader ? this.#reader.end() : this.#operation.decode(response);
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
