import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { commandLine, root } from "./child.js";

/** One thing after the other. */
export interface PtyStep {
  /** A regular expression that Python reads; only what came since the last match counts. */
  readonly waitFor?: string;
  /** Waits until somebody has made this file. */
  readonly untilFile?: string;
  readonly type?: string;
  readonly size?: readonly [columns: number, rows: number];
  readonly signal?: NodeJS.Signals;
}

export interface PtyResult {
  readonly output: string;
  /** Negative for a signal. */
  readonly status: number;
  /** The terminal's modes are after it what they were before. */
  readonly isRestored: boolean;
  /** They were others in between, when something was typed or signalled last. */
  readonly wasChanged: boolean;
  readonly problem: string | null;
}

export interface PtyOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Node's own, before the program. */
  readonly flags?: readonly string[];
}

/** Runs the command line on a pseudo-terminal of 91 by 33 characters and plays the steps. */
export async function onTerminal(
  args: readonly string[],
  steps: readonly PtyStep[],
  { environment, flags = [] }: PtyOptions,
): Promise<PtyResult> {
  const [node = "", ...rest] = commandLine;
  const plan = { command: [node, ...flags, ...rest, ...args], cwd: root, size: [91, 33], limitS: 60, steps };
  const { stdout } = await promisify(execFile)(
    "python3",
    [fileURLToPath(new URL("on_terminal.py", import.meta.url)), JSON.stringify(plan)],
    { env: { ...process.env, ...environment }, maxBuffer: 2 ** 24 },
  );
  return JSON.parse(stdout) as PtyResult;
}
