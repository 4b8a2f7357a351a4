import type { Command } from "commander";
import type { Run } from "../program.js";

export interface ListConversationsFlags {
  readonly limit?: string;
  readonly after?: string;
  readonly title?: string;
  readonly where?: readonly string[];
}

export interface ShowConversationFlags {
  readonly limit?: string;
  readonly after?: string;
  readonly newest?: boolean;
}

export interface SearchConversationsFlags {
  readonly limit?: string;
  readonly in?: string;
  readonly titles?: boolean;
}

export interface ExportFlags {
  readonly format?: string;
}

export interface ImportFlags {
  readonly onConflict?: string;
}

export interface CopyFlags {
  readonly title?: string;
  readonly upTo?: string;
}

export interface MergeFlags {
  readonly title?: string;
}

export interface DeleteConversationFlags {
  readonly yes?: boolean;
}

const which = "id, beginning of an id, or title";

export function addConversations(program: Command, run: Run): void {
  const group = program.command("conversations").description("list, search, move and change kept conversations");

  group
    .command("list")
    .description("conversations, last changed first")
    .option("--limit <number>", "most of one page (default 50)")
    .option("--after <cursor>", "the next page: what the page before told")
    .option("--title <words>", "only those whose title holds this")
    .option("--where <key=value...>", "only those with this metadata; several must all hold")
    .action(async (flags: ListConversationsFlags, self: Command) => {
      await run(self, async (context) => (await import("../conversations/list.js")).listConversations(context, flags));
    });

  group
    .command("show")
    .description("a conversation with its messages, oldest first")
    .argument("<conversation>", which)
    .option("--limit <number>", "most messages of one page (default 100)")
    .option("--after <number>", "the next page: the message number that the page before told")
    .option("--newest", "begin at the end and page backwards")
    .action(async (reference: string, flags: ShowConversationFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/show.js")).showConversation(context, reference, flags),
      );
    });

  group
    .command("search")
    .description('words in titles and messages; "two words" in this order, wor* for a beginning')
    .argument("<words...>")
    .option("--limit <number>", "most hits (default 20)")
    .option("--in <conversation>", "only in this one")
    .option("--titles", "only in titles")
    .action(async (words: readonly string[], flags: SearchConversationsFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/search.js")).searchConversations(context, words, flags),
      );
    });

  group
    .command("export")
    .description("write a conversation to a file, whole")
    .argument("<conversation>", which)
    .argument("<file>", "- writes to the standard output")
    .option("--format <format>", "jsonl (default, lossless) or oblix")
    .action(async (reference: string, file: string, flags: ExportFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/export.js")).exportCommand(context, reference, file, flags),
      );
    });

  group
    .command("import")
    .description("read conversations from files of either format")
    .argument("<files...>")
    .option("--on-conflict <what>", "an id that is taken: new-id (default), keep, replace or fail")
    .action(async (files: readonly string[], flags: ImportFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/import.js")).importCommand(context, files, flags),
      );
    });

  group
    .command("copy")
    .description("make a copy")
    .argument("<conversation>", which)
    .option("--title <title>", "of the copy")
    .option("--up-to <number>", "end it with this message number")
    .action(async (reference: string, flags: CopyFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/copy.js")).copyCommand(context, reference, flags),
      );
    });

  group
    .command("merge")
    .description("make one conversation of several, by time")
    .argument("<conversations...>", which)
    .option("--title <title>", "of the new one")
    .action(async (references: readonly string[], flags: MergeFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/copy.js")).mergeCommand(context, references, flags),
      );
    });

  group
    .command("rename")
    .description("give a conversation another title")
    .argument("<conversation>", which)
    .argument("<title>")
    .action(async (reference: string, title: string, _flags: object, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/change.js")).renameCommand(context, reference, title),
      );
    });

  group
    .command("delete")
    .description("remove a conversation with all its messages")
    .argument("<conversation>", which)
    .option("--yes", "do not ask")
    .action(async (reference: string, flags: DeleteConversationFlags, self: Command) => {
      await run(self, async (context) =>
        (await import("../conversations/change.js")).deleteConversation(context, reference, flags),
      );
    });
}
