import type { SessionChannel } from "../channel/session-channel.js";
import { ssmError } from "../errors.js";
import type { SessionPlugin } from "./plugin.js";
import { collectRun, type RunOptions, type RunResult } from "./run.js";
import { Shell, type ShellOptions } from "./shell.js";

/** Either of the two, once. */
export interface ShellFace {
  shell(options?: ShellOptions): Shell;
  run(options?: RunOptions): Promise<RunResult>;
}

/** Terminals and commands. */
export const shellPlugin: SessionPlugin<ShellFace> = {
  sessionTypes: ["Standard_Stream", "InteractiveCommands", "NonInteractiveCommands"],
  start(channel: SessionChannel) {
    let isTaken = false;
    const takeOnce = (): void => {
      if (isTaken) throw ssmError({ code: "COMMAND_REFUSED", message: "The session's stream is in use already." });
      isTaken = true;
    };
    return {
      face: {
        shell(options) {
          takeOnce();
          return new Shell(channel, { sendsEndOfInput: channel.sessionType !== "NonInteractiveCommands", ...options });
        },
        run(options) {
          takeOnce();
          return collectRun(channel, options);
        },
      },
    };
  },
};
