import type { Command } from "commander";
import type { Run } from "../program.js";

export interface SendFlags {
  readonly to?: string;
  readonly text?: string;
  readonly image?: string;
  readonly video?: string;
  readonly audio?: string;
  readonly document?: string;
  readonly fileName?: string;
  readonly id?: string;
  readonly file?: string;
  readonly resume?: boolean;
  readonly discard?: boolean;
  readonly timeout?: string;
}

export function addSend(program: Command, run: Run): void {
  program
    .command("send")
    .description("send one message, or a file of messages, within the provider's limits")
    .argument("<session>", "id, beginning of an id, or name")
    .option("--to <recipient>", "phone number in E.164, or a chat of the provider")
    .option("--text <text>", "the text, or the caption beside a file")
    .option("--image <url>", "public URL of an image")
    .option("--video <url>", "public URL of a video")
    .option("--audio <url>", "public URL of an audio file")
    .option("--document <url>", "public URL of a document")
    .option("--file-name <name>", "what the document is called")
    .option("--id <id>", "your own message id: sending it again sends nothing twice")
    .option("--file <path>", "one JSON message a line; - reads the standard input")
    .option("--resume", "go on with what an earlier process left unsent")
    .option("--discard", "cancel what an earlier process left unsent")
    .option("--timeout <duration>", "for queueing, pacing and sending together, like 30s")
    .action(async (reference: string, flags: SendFlags, self: Command) => {
      await run(self, async (context) => (await import("../sending/send.js")).sendCommand(context, reference, flags));
    });
}
