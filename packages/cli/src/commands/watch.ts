import type { Command } from "commander";
import type { Run } from "../program.js";

export interface WatchFlags {
  readonly listen?: string;
  readonly run?: boolean;
  readonly for?: string;
}

export function addWatch(program: Command, run: Run): void {
  program
    .command("watch")
    .description("print what happens to a session, until Ctrl-C")
    .argument("<session>", "id, beginning of an id, or name")
    .option("--run", "run the session in this process: keep it connected and send what is queued")
    .option("--listen <port>", "receive the session's webhooks on 127.0.0.1 (0: a free port); implies --run")
    .option("--for <duration>", "stop by itself after this long, like 30s")
    .action(async (reference: string, flags: WatchFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../watching/watch.js")).watchCommand(context, reference, flags),
      );
    });
}
