import type { Interrupt } from "./interrupt.js";
import type { Io } from "./output/io.js";
import type { Fields, Output } from "./output/output.js";
import type { GlobalOptions } from "./settings.js";

/** What every command is given. */
export interface Context {
  readonly io: Io;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Takes Ctrl-C for itself while it says true; see `Interrupt`. */
  readonly intercept: Interrupt["intercept"];
  readonly options: GlobalOptions;
}

/** What a command ends with: the object that `--json` prints, and the exit code when it is not 0. */
export interface Report {
  readonly fields: Fields;
  /** One of `exitCodes`, or the status of a remote command. */
  readonly exitCode?: number;
  /** The command has printed its object itself, because it runs on after it. */
  readonly isPrinted?: boolean;
}

export type Body = (context: Context) => Promise<Report>;
