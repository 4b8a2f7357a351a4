/** A reader that does not keep up stops the sender from here on. ASSUMED. */
const mostWaitingPieces = 64;

/** Pieces between who makes and who reads them. While nobody reads they are kept; a slow reader holds the maker back. */
export class PieceBuffer implements AsyncIterableIterator<string, void, void> {
  readonly #onLeft: () => void;
  readonly #pieces: string[] = [];
  #hasReader = false;
  #end: { readonly error?: Error } | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeMaker: (() => void) | undefined;

  /** `onLeft`: the reader left before the end. */
  constructor(onLeft: () => void) {
    this.#onLeft = onLeft;
  }

  /** Resolves when the next one is wanted. */
  async push(piece: string): Promise<void> {
    if (this.#end) return;
    this.#pieces.push(piece);
    this.#wakeReader?.();
    if (this.#hasReader && this.#pieces.length > mostWaitingPieces)
      await new Promise<void>((resolve) => {
        this.#wakeMaker = resolve;
      });
  }

  /** What was pushed is still read. */
  close(end: { readonly error?: Error } = {}): void {
    this.#end ??= end;
    this.#wakeReader?.();
    this.#wakeMaker?.();
  }

  /** Lets the maker go on whether or not somebody reads. */
  release(): void {
    this.#hasReader = false;
    this.#wakeMaker?.();
  }

  [Symbol.asyncIterator](): this {
    this.#hasReader = true;
    return this;
  }

  async next(): Promise<IteratorResult<string, void>> {
    for (;;) {
      const value = this.#pieces.shift();
      if (value !== undefined) {
        this.#wakeMaker?.();
        return { done: false, value };
      }
      if (this.#end) {
        const { error } = this.#end;
        this.#end = {};
        if (error !== undefined) throw error;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<string, void>> {
    if (!this.#end) this.#onLeft();
    this.#pieces.length = 0;
    this.close();
    return { done: true, value: undefined };
  }
}
