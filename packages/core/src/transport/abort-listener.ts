import { setMaxListeners } from "node:events";
import type { CancelSignal } from "../cancellation.js";

/** Hears an abort until the returned function is called. One signal for a thousand sends is no leak, so Node is told not to warn. */
export function onAbort(signal: CancelSignal | undefined, run: () => void): () => void {
  if (!signal) return () => {};
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
  signal.addEventListener("abort", run, { once: true });
  return () => signal.removeEventListener("abort", run);
}
