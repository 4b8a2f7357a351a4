import { homedir } from "node:os";
import { join } from "node:path";
import type { Conversations } from "@colloquy/core";
import { type FolderEntry, importOblixFolder } from "@colloquy/oblix";
import type { OblixImportFlags } from "../commands/oblix.js";
import type { Context, Report } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { withColloquy } from "../open-colloquy.js";
import { usageError } from "../usage-error.js";
import { policyOf } from "./policy.js";

type Keeper = Parameters<typeof importOblixFolder>[0];

const tellEveryMs = 1_000;

/** `colloquy oblix import`. A file that cannot be read stops no other; the command then ends with 1. */
export function oblixImportCommand(
  context: Context,
  folder: string | undefined,
  { dryRun, onConflict }: OblixImportFlags,
): Promise<Report> {
  const { output } = context;
  const path = folder ?? join(homedir(), ".oblix", "sessions");
  const policy = policyOf(onConflict, "keep");
  return withColloquy(context, async ({ colloquy }) => {
    const progress = progressOf(context);
    const keeper = dryRun ? rehearsal(colloquy.conversations) : colloquy.conversations;
    const { importedCount, keptCount, failedCount, failures } = await importOblixFolder(keeper, path, {
      policy,
      onEntry: progress.take,
    }).catch((error: unknown) => {
      throw (error as NodeJS.ErrnoException).code === "ENOENT" ? noFolder(path) : error;
    });
    const { messageCount } = progress;
    for (const { file, message } of failures) output.line(`  ${file}: ${message}`);
    const done = dryRun ? "could be imported" : "imported";
    output.line(`${importedCount} ${done} with ${messageCount()} messages, ${keptCount} kept, ${failedCount} failed.`);
    if (dryRun) output.note("Nothing was stored. Run it again without --dry-run.");
    else if (importedCount > 0) output.note("Next: colloquy conversations list, or colloquy chat --continue");
    const counts = { importedCount, keptCount, failedCount, messageCount: messageCount() };
    return {
      fields: { folder: path, isDryRun: dryRun === true, ...counts, failures },
      ...(failedCount > 0 ? { exitCode: exitCodes.failed } : {}),
    };
  });
}

function noFolder(path: string): Error {
  return usageError(`There is no folder ${path}.`, "Name the folder that holds the session files.");
}

function progressOf({ output }: Context): {
  readonly take: (entry: FolderEntry) => void;
  readonly messageCount: () => number;
} {
  let fileCount = 0;
  let messageCount = 0;
  let toldAtMs = Date.now();
  return {
    messageCount: () => messageCount,
    take(entry) {
      fileCount += 1;
      if (entry.outcome === "imported") messageCount += entry.messageCount;
      output.event("file", { ...entry });
      if (Date.now() < toldAtMs + tellEveryMs) return;
      toldAtMs = Date.now();
      output.line(`  ${fileCount} files read …`);
    },
  };
}

/** Reads and checks as an import does, and stores nothing. Two files of one id are told as the import would. */
function rehearsal(conversations: Conversations): Keeper {
  const made = new Map<string, Awaited<ReturnType<Keeper["create"]>>>();
  return {
    find: async (id) => made.get(id) ?? (await conversations.find(id)),
    async create(input = {}) {
      const { id = "", title = "", context = {}, metadata = {}, lineage = {}, createdAtMs = 0 } = input;
      const conversation = {
        id,
        title,
        context,
        metadata,
        lineage,
        createdAtMs,
        updatedAtMs: input.updatedAtMs ?? createdAtMs,
        isEncrypted: false,
        revision: 1,
        messageCount: 0,
        lastSeq: 0,
      };
      made.set(id, conversation);
      return conversation;
    },
    append: async (id, messages) =>
      messages.map((message, index) => ({
        id: `rehearsed_${index}`,
        atMs: 0,
        status: "complete",
        ...message,
        conversationId: id,
        seq: index + 1,
        revision: 1,
      })),
    remove: async () => true,
  };
}
