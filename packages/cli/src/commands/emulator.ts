import type { Command } from "commander";
import type { Run } from "../program.js";

export interface EmulatorFlags {
  readonly port?: string;
  readonly seed?: string;
  readonly scenario?: string;
  readonly scenarios?: boolean;
  readonly ssm?: boolean;
  readonly ssmScenario?: string;
}

export function addEmulator(program: Command, run: Run): void {
  program
    .command("emulator")
    .description("run a provider's double on this machine, without an account")
    .option("--port <number>", "port on 127.0.0.1 (default: a free one)")
    .option("--seed <number>", "seed of tokens, codes and random faults (default 1)")
    .option("--scenario <name>", "the weather to begin with (default calm)")
    .option("--ssm", "also Session Manager with an agent, which runs real shells and commands as you")
    .option("--ssm-scenario <name>", "its weather (default calm)")
    .option("--scenarios", "list the scenarios and stop")
    .action(async (flags: EmulatorFlags, self: Command) => {
      await run(self, async (context) => (await import("../emulating/emulate.js")).emulatorCommand(context, flags));
    });
}
