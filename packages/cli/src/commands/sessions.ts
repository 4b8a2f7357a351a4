import type { Command } from "commander";
import type { Run } from "../program.js";
import { addSessionOptions } from "../providers/session-options.js";

export interface ListFlags {
  readonly remote?: string;
}

export interface ShowFlags {
  readonly reveal?: boolean;
}

export interface DeleteFlags {
  readonly yes?: boolean;
  readonly localOnly?: boolean;
}

export function addSessions(program: Command, run: Run): void {
  const sessions = program.command("sessions").description("list, show, create, attach and delete sessions");

  sessions
    .command("list")
    .description("every session in the store")
    .option("--remote <provider>", "the account's sessions at the provider instead")
    .action(async (flags: ListFlags, self: Command) => {
      await run(self, async (context) => (await import("../sessions/list.js")).listCommand(context, flags));
    });

  sessions
    .command("show")
    .description("all that is known of one session")
    .argument("<session>", "id, beginning of an id, or name")
    .option("--reveal", "ask the provider for the session's keys and print them")
    .action(async (reference: string, flags: ShowFlags, self: Command) => {
      await run(self, async (context) => (await import("../sessions/show.js")).showCommand(context, reference, flags));
    });

  const create = sessions.command("create").description("make a session at the provider").argument("<provider>");
  addSessionOptions(create);
  create.action(async (provider: string, flags: Readonly<Record<string, unknown>>, self: Command) => {
    await run(self, async (context) => (await import("../sessions/make.js")).createCommand(context, provider, flags));
  });

  sessions
    .command("attach")
    .description("take a session that exists at the provider into the store")
    .argument("<provider>")
    .argument("<remote-id>", "the provider's own id")
    .action(async (provider: string, remoteId: string, _flags: object, self: Command) => {
      await run(self, async (context) =>
        (await import("../sessions/make.js")).attachCommand(context, provider, remoteId),
      );
    });

  sessions
    .command("delete")
    .description("end a session at the provider and forget it here")
    .argument("<session>")
    .option("--yes", "do not ask")
    .option("--local-only", "forget it here and leave the provider alone")
    .action(async (reference: string, flags: DeleteFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../sessions/delete.js")).deleteCommand(context, reference, flags),
      );
    });
}
