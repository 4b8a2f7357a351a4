/** What must be known of somebody's wish to stop. An `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", run: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", run: () => void): void;
}

const cancelled = new DOMException("The operation was aborted.", "AbortError");

/**
 * The wish to stop one call. An `AbortController` and its listener weigh half a kilobyte and take ten microseconds to abort;
 * of these there are as many as queued messages.
 */
export class Cancellation implements CancelSignal {
  aborted = false;
  reason: unknown = undefined;
  #listeners: readonly (() => void)[] | (() => void) | undefined;

  /** The first time tells whoever listens; later ones do nothing. */
  abort(reason: unknown = cancelled): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const heard = this.#all();
    this.#listeners = undefined;
    for (const run of heard) run();
  }

  addEventListener(_type: "abort", run: () => void): void {
    if (!this.aborted) this.#listeners = this.#listeners === undefined ? run : [...this.#all(), run];
  }

  removeEventListener(_type: "abort", run: () => void): void {
    const left = this.#all().filter((one) => one !== run);
    this.#listeners = left.length > 1 ? left : left[0];
  }

  #all(): readonly (() => void)[] {
    const listeners = this.#listeners;
    if (listeners === undefined) return [];
    return typeof listeners === "function" ? [listeners] : listeners;
  }
}
