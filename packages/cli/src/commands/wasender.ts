import type { Command } from "commander";
import type { Run } from "../program.js";
import { type VerbName, verbs } from "../wasender/verbs.js";

export interface CallFlags {
  readonly list?: boolean;
}

const nouns: Readonly<Record<string, string>> = {
  contacts: "the address book",
  groups: "groups and their members",
  members: "who is in a group",
  media: "files to send and files received",
  logs: "what the provider noted",
  webhook: "where events are delivered",
};

/** `colloquy wasender …`: what only this provider has, from a table. */
export function addWasender(program: Command, run: Run): void {
  const wasender = program.command("wasender").description("contacts, groups, media, logs and webhook of a session");
  const below = new Map<string, Command>([["", wasender]]);
  const commandOf = (words: readonly string[]): Command => {
    const name = words.join(" ");
    const known = below.get(name);
    if (known) return known;
    const last = words.at(-1) ?? "";
    const made = commandOf(words.slice(0, -1))
      .command(last)
      .description(nouns[last] ?? "");
    below.set(name, made);
    return made;
  };
  for (const name of Object.keys(verbs) as VerbName[]) {
    const verb = verbs[name];
    const command = commandOf(name.split(" "))
      .description(verb.summary)
      .argument("<session>", "id, beginning of an id, or name");
    for (const [argument, description] of verb.args ?? []) command.argument(argument, description);
    for (const [flags, description] of verb.options ?? []) command.option(flags, description);
    command.action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const [reference, ...args] = self.processedArgs as [string, ...(string | string[] | undefined)[]];
      await run(self, async (context) =>
        (await import("../wasender/run-verb.js")).runVerb(context, name, reference, args, self.opts()),
      );
    });
  }
  addCall(wasender, run);
}

function addCall(wasender: Command, run: Run): void {
  wasender
    .command("call")
    .description("call any operation of the provider with JSON")
    .argument("[session]", "id, beginning of an id, or name")
    .argument("[operation]", "such as messages.edit")
    .argument("[input]", "a JSON object; - reads the standard input")
    .option("--list", "list the operations")
    .action(
      async (
        session: string | undefined,
        operation: string | undefined,
        input: string | undefined,
        flags: CallFlags,
        self: Command,
      ) => {
        await run(self, async (context) =>
          (await import("../wasender/call-operation.js")).callCommand(context, { session, operation, input }, flags),
        );
      },
    );
}
