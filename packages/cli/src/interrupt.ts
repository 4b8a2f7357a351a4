import { exitCodes } from "./exit-codes.js";

export interface Interrupt {
  /** Aborted by the first Ctrl-C (SIGINT) or SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * Lets a command that goes on after Ctrl-C look at each one first; true takes it, and nothing is aborted. SIGTERM is never
   * asked about. Gives the way to end that.
   */
  intercept(take: () => boolean): () => void;
  /** Stops listening. */
  dispose(): void;
}

/** The part of `process` that this needs. */
export interface SignalSource {
  on(name: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(name: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * The first signal asks the command to end properly: cancel, settle, close. The second ends the process at once; what is
 * stored is whole then too, as after any crash. `beforeExit` puts the terminal in order.
 */
export function listenForInterrupt(source: SignalSource, beforeExit: () => void = () => {}): Interrupt {
  const controller = new AbortController();
  let taker: (() => boolean) | undefined;
  const onInterrupt = (): void => {
    if (!(taker?.() ?? false)) onSignal();
  };
  const onSignal = (): void => {
    if (!controller.signal.aborted) return controller.abort(new DOMException("Cancelled.", "AbortError"));
    beforeExit();
    source.exit(exitCodes.cancelled);
  };
  source.on("SIGINT", onInterrupt);
  source.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    intercept(take) {
      taker = take;
      return () => {
        taker = undefined;
      };
    },
    dispose: () => {
      source.off("SIGINT", onInterrupt);
      source.off("SIGTERM", onSignal);
    },
  };
}
