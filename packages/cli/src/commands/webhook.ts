import type { Command } from "commander";
import type { Run } from "../program.js";

export interface ListenFlags {
  readonly port?: string;
  readonly record?: string;
  readonly for?: string;
}

export interface ReplayFlags {
  readonly to?: string;
}

export function addWebhook(program: Command, run: Run): void {
  const webhook = program.command("webhook").description("receive a session's webhooks here, record and replay them");

  webhook
    .command("listen")
    .description("print verified deliveries as they come; each is stored for the application first")
    .argument("<session>", "id, beginning of an id, or name")
    .option("--port <number>", "port on 127.0.0.1 (default: a free one)")
    .option("--record <file>", "add each verified delivery to this file, with its signature: keep it private")
    .option("--for <duration>", "stop by itself after this long, like 30s")
    .action(async (reference: string, flags: ListenFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../webhooks/listen.js")).listenCommand(context, reference, flags),
      );
    });

  webhook
    .command("replay")
    .description("feed recorded deliveries to a session here, or to a URL")
    .argument("<file>", "what `webhook listen --record` wrote; - reads the standard input")
    .argument("[session]", "id, beginning of an id, or name")
    .option("--to <url>", "post them there instead; plain http for this machine only")
    .action(async (file: string, session: string | undefined, flags: ReplayFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../webhooks/replay.js")).replayCommand(context, file, session, flags),
      );
    });
}
