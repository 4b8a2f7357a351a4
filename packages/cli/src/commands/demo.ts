import type { Command } from "commander";
import type { Run } from "../program.js";

export interface DemoFlags {
  readonly manual?: boolean;
  readonly keep?: boolean;
}

export function addDemo(program: Command, run: Run): void {
  program
    .command("demo")
    .description("everything once, in ten seconds, on this machine: pair, send, receive, drop, kill, restore, explain")
    .option("--manual", "wait for you to scan the code on the emulator's page")
    .option("--keep", "keep the database file")
    .action(async (flags: DemoFlags, self: Command) => {
      await run(self, async (context) => (await import("../demo/demo.js")).demoCommand(context, flags));
    });
}
