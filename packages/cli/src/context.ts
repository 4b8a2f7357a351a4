import type { ExitCode } from "./exit-codes.js";
import type { Io } from "./output/io.js";
import type { Fields, Output } from "./output/output.js";
import type { GlobalOptions } from "./settings.js";

/** What every command is given. */
export interface Context {
  readonly io: Io;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly options: GlobalOptions;
}

/** What a command ends with: the object that `--json` prints, and the exit code when it is not 0. */
export interface Report {
  readonly fields: Fields;
  readonly exitCode?: ExitCode;
  /** The command has printed its object itself, because it runs on after it. */
  readonly isPrinted?: boolean;
}

export type Body = (context: Context) => Promise<Report>;
