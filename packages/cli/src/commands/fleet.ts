import type { Command } from "commander";
import type { Run } from "../program.js";

export interface FleetFlags {
  readonly watch?: boolean;
}

export function addFleet(program: Command, run: Run): void {
  program
    .command("fleet")
    .description("the workers of the store, and which of them runs which session")
    .option("--watch", "draw it anew until Ctrl-C")
    .action(async (flags: FleetFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../fleet/fleet.js")).fleetCommand(context, flags.watch === true),
      );
    });
}
