import { exportConversation, exportedLines, type FileFormat } from "@colloquy/oblix";
import type { ExportFlags } from "../commands/conversations.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { usageError } from "../usage-error.js";
import { findConversation } from "./find-conversation.js";

/** `colloquy conversations export`. A file appears whole or not at all. */
export function exportCommand(
  context: Context,
  reference: string,
  file: string,
  { format }: ExportFlags,
): Promise<Report> {
  const { output, io } = context;
  const wanted = formatOf(format);
  const isStandard = file === "-";
  if (isStandard && (wanted === "oblix" || output.mode !== "human"))
    throw usageError("Only plain JSONL goes to the standard output.", "Name a file, or leave --format and --json out.");
  return withColloquy(context, async ({ colloquy }) => {
    const { id, messageCount } = await findConversation(colloquy, reference);
    if (isStandard) for await (const line of exportedLines(colloquy.conversations, id)) io.stdout.write(line);
    else {
      await exportConversation(colloquy.conversations, id, file, wanted === undefined ? {} : { format: wanted });
      output.line(`Wrote ${messageCount} messages to ${file}.`);
    }
    return { fields: { id, messageCount, file } };
  });
}

function formatOf(text: string | undefined): FileFormat | undefined {
  if (text === undefined || text === "jsonl" || text === "oblix") return text;
  throw usageError(`--format is "${text}".`, "Use jsonl or oblix.");
}
