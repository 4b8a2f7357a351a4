import type { Command } from "commander";
import type { Run } from "../program.js";

export function addDoctor(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("check this machine, the store, the credentials and the way to the provider")
    .action(async (_flags: object, self: Command) => {
      await run(self, async (context) => (await import("../doctor/doctor.js")).doctorCommand(context));
    });
}
