import { importConversation } from "@colloquy/oblix";
import type { ImportFlags } from "../commands/conversations.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import type { Fields } from "../output/output.js";
import { policyOf } from "./policy.js";

/** `colloquy conversations import`: file by file; the first that cannot be imported ends it, and says so. */
export function importCommand(
  context: Context,
  files: readonly string[],
  { onConflict }: ImportFlags,
): Promise<Report> {
  const { output, signal } = context;
  const policy = policyOf(onConflict, "new_id");
  return withColloquy(context, async ({ colloquy }) => {
    const imported: Fields[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      const { id, isNew, messageCount } = await importConversation(colloquy.conversations, file, { policy });
      imported.push({ file, id, isNew, messageCount });
      output.event("imported", { file, id, isNew, messageCount });
      output.line(isNew ? `${file}: ${id}, ${messageCount} messages` : `${file}: ${id} was kept as it is`);
    }
    return { fields: { imported } };
  });
}
