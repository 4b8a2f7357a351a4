import type { Opened } from "../open-colloquy.js";

export interface LettingGo {
  /** Resolves when all is let go, or at once when nothing was interrupted. */
  finished(): Promise<void>;
}

/** On Ctrl-C: what is on the wire may settle, the rest stays stored, nothing new leaves. */
export function letGoOn(signal: AbortSignal, { colloquy }: Opened): LettingGo {
  let underWay: Promise<void> | undefined;
  const onAbort = (): void => {
    underWay = colloquy.shutdown();
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    async finished() {
      signal.removeEventListener("abort", onAbort);
      await underWay;
    },
  };
}
