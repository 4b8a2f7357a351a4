import type { Body } from "./context.js";
import { exitCodeOf, exitCodes } from "./exit-codes.js";
import { listenForInterrupt, type SignalSource } from "./interrupt.js";
import type { Io } from "./output/io.js";
import { showCursor } from "./output/live-area.js";
import { Output, type OutputMode } from "./output/output.js";
import { type GlobalOptions, secretsOf } from "./settings.js";

export function modeOf({ json, events }: GlobalOptions): OutputMode {
  if (events) return "events";
  return json ? "json" : "human";
}

/** Runs one command from its options to its exit code. Never throws. */
export async function runCommand(io: Io, signals: SignalSource, options: GlobalOptions, body: Body): Promise<number> {
  const output = new Output(io, {
    mode: modeOf(options),
    showSecrets: options.showSecrets === true,
    debug: options.debug === true,
    secrets: secretsOf(io.environment),
  });
  const interrupt = listenForInterrupt(signals, () => showCursor(io.stdout));
  try {
    const {
      fields,
      exitCode = exitCodes.done,
      isPrinted = false,
    } = await body({ io, output, signal: interrupt.signal, intercept: (take) => interrupt.intercept(take), options });
    if (!isPrinted) output.finish(fields, exitCode === exitCodes.done);
    return exitCode;
  } catch (error) {
    const exitCode = exitCodeOf(error);
    output.fail(error, exitCode);
    return exitCode;
  } finally {
    interrupt.dispose();
  }
}
