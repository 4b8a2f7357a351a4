import type { TextStream } from "./io.js";
import type { Output } from "./output.js";

/** A few lines at the bottom of the terminal that are drawn again and again. */
export interface LiveArea {
  draw(text: string): void;
  /** Takes the lines away. */
  clear(): void;
  /** Leaves the lines as they are and gives the cursor back. */
  done(): void;
}

/** Undefined where nothing can be redrawn: then plain lines are printed instead. */
export async function openLiveArea(output: Output, stdout: TextStream): Promise<LiveArea | undefined> {
  if (!output.isLive) return undefined;
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(stdout as NodeJS.WriteStream);
  return { draw: (text) => update(text), clear: () => update.clear(), done: () => update.done() };
}

/** For the way out that skips everything: the cursor may be hidden. */
export function showCursor(stdout: TextStream): void {
  if (stdout.isTTY === true) stdout.write("\u001b[?25h");
}
