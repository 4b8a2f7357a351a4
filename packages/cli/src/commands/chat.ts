import type { Command } from "commander";
import type { Run } from "../program.js";

export interface ChatFlags {
  readonly model?: string;
  readonly title?: string;
  readonly system?: string;
  readonly continue?: boolean;
  readonly temperature?: string;
  readonly maxTokens?: string;
}

export function addChat(program: Command, run: Run): void {
  program
    .command("chat")
    .description("talk with a model; the conversation is kept")
    .argument("[conversation]", "id, beginning of an id, or title of one to go on with")
    .option("--continue", "go on with the conversation that changed last")
    .option(
      "--model <type:name>",
      "ollama:…, openai:… or anthropic:… (COLLOQUY_MODEL; default the first that is set up)",
    )
    .option("--title <title>", "of a new conversation")
    .option("--system <text>", "what the model is told before a new conversation")
    .option("--temperature <number>", "how freely the model answers")
    .option("--max-tokens <number>", "longest answer")
    .action(async (reference: string | undefined, flags: ChatFlags, self: Command) => {
      await run(self, async (context) => (await import("../chatting/chat.js")).chatCommand(context, reference, flags));
    });
}
