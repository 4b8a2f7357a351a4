import type { Command } from "commander";
import type { Run } from "../program.js";

export function addStatus(program: Command, run: Run): void {
  program
    .command("status")
    .description("ask the provider once how a session is, or all of them")
    .argument("[session]", "id, beginning of an id, or name")
    .action(async (reference: string | undefined, _flags: object, self: Command) => {
      await run(self, async (context) => (await import("../sessions/status.js")).statusCommand(context, reference));
    });
}
