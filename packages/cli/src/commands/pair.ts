import type { Command } from "commander";
import type { Run } from "../program.js";
import { addSessionOptions } from "../providers/session-options.js";

export interface PairFlags {
  readonly session?: string;
  readonly small?: boolean;
  readonly page?: boolean;
  readonly timeout?: string;
  readonly [option: string]: unknown;
}

export function addPair(program: Command, run: Run): void {
  const command = program
    .command("pair")
    .description("link an account by a QR code, in a new session or in one that exists")
    .argument("<provider>", "for example wasender")
    .option("--session <session>", "pair this session instead of making one")
    .option("--small", "draw the code half as large")
    .option("--page", "show the code on a page of this machine, too")
    .option("--timeout <duration>", "give up after this long, like 90s");
  addSessionOptions(command);
  command.action(async (provider: string, flags: PairFlags, self: Command) => {
    await run(self, async (context) => (await import("../pairing/pair.js")).pairCommand(context, provider, flags));
  });
}
