import { exitCodes } from "./exit-codes.js";

export interface Interrupt {
  /** Aborted by the first Ctrl-C (SIGINT) or SIGTERM. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** The part of `process` that this needs. */
export interface SignalSource {
  on(name: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(name: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  exit(code: number): void;
}

const names = ["SIGINT", "SIGTERM"] as const;

/**
 * The first signal asks the command to end properly: cancel, settle, close. The second ends the process at once; what is
 * stored is whole then too, as after any crash. `beforeExit` puts the terminal in order.
 */
export function listenForInterrupt(source: SignalSource, beforeExit: () => void = () => {}): Interrupt {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (!controller.signal.aborted) return controller.abort(new DOMException("Cancelled.", "AbortError"));
    beforeExit();
    source.exit(exitCodes.cancelled);
  };
  for (const name of names) source.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of names) source.off(name, onSignal);
    },
  };
}
