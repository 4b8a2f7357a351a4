import { writeSync } from "node:fs";

/** Writes a short line at once, whole, so that it is out before the process can be killed. */
export function say(line: unknown): void {
  const text = `${JSON.stringify(line)}\n`;
  for (;;) {
    try {
      writeSync(1, text);
      return;
    } catch (error) {
      // The reader is behind and the pipe is full. Nothing was written: a pipe takes short texts whole or not at all.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
