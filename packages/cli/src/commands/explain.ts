import type { Command } from "commander";
import type { Run } from "../program.js";

export function addExplain(program: Command, run: Run): void {
  program
    .command("explain")
    .description("where a session stands, why, what comes next, and how it got there")
    .argument("<session>", "id, beginning of an id, or name")
    .action(async (reference: string, _flags: object, self: Command) => {
      await run(self, async (context) => (await import("../sessions/explain.js")).explainCommand(context, reference));
    });
}
