import type { Command } from "commander";
import type { Run } from "../program.js";

interface Flags {
  readonly watch?: boolean;
}

export function addLimits(program: Command, run: Run): void {
  program
    .command("limits")
    .description("the limits that a session meets: how much of each is left, and when more comes")
    .argument("<session>", "id, beginning of an id, or name")
    .option("--watch", "draw them anew until Ctrl-C")
    .action(async (reference: string, flags: Flags, self: Command) => {
      await run(self, async (context) =>
        (await import("../limits/limits.js")).limitsCommand(context, reference, flags.watch === true),
      );
    });
}
