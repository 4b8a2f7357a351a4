import { writeSync } from "node:fs";

/** Writes a line at once, so that it is out before the process can be killed. */
export function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
