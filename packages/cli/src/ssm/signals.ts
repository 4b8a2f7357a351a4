import type { ShellSignal } from "@colloquy/ssm";
import type { Context } from "../context.js";

export interface SignalHandlers {
  /** For what runs on the machine. */
  readonly onPassed: (signal: ShellSignal) => void;
  /** The second Ctrl-C, SIGTERM, or SIGHUP when the terminal is gone. */
  readonly onEnd: () => void;
}

/** Passes the first Ctrl-C on, and every SIGQUIT. Listens until the answer is called. */
export function listenForSignals({ signal, intercept }: Context, { onPassed, onEnd }: SignalHandlers): () => void {
  let isPassed = false;
  const release = intercept(() => {
    if (isPassed) return false;
    isPassed = true;
    onPassed("SIGINT");
    return true;
  });
  const quit = (): void => onPassed("SIGQUIT");
  process.on("SIGQUIT", quit);
  process.on("SIGHUP", onEnd);
  signal.addEventListener("abort", onEnd, { once: true });
  return () => {
    release();
    process.off("SIGQUIT", quit);
    process.off("SIGHUP", onEnd);
    signal.removeEventListener("abort", onEnd);
  };
}
