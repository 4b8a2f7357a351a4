import type { DeleteConversationFlags } from "../commands/conversations.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { confirm } from "../output/ask.js";
import { printable } from "../output/printable.js";
import { usageError } from "../usage-error.js";
import { conversationJson } from "./conversation-json.js";
import { findConversation } from "./find-conversation.js";

/** `colloquy conversations rename`. */
export function renameCommand(context: Context, reference: string, title: string): Promise<Report> {
  return withColloquy(context, async ({ colloquy }) => {
    const { id } = await findConversation(colloquy, reference);
    const renamed = await colloquy.conversations.update(id, { title });
    context.output.line(`${id} is called ${printable(title)}.`);
    return { fields: { conversation: conversationJson(renamed) } };
  });
}

/** `colloquy conversations delete`. */
export function deleteConversation(
  context: Context,
  reference: string,
  { yes }: DeleteConversationFlags,
): Promise<Report> {
  const { output, signal } = context;
  return withColloquy(context, async ({ colloquy }) => {
    const { id, title, messageCount } = await findConversation(colloquy, reference);
    if (!yes) {
      const question = `${printable(title)} (${id}) will be removed with ${messageCount} messages. Sure?`;
      const agreed = await confirm(output, question, signal);
      if (agreed === undefined) throw usageError("Deleting needs a yes.", "Add --yes: nobody can be asked here.");
      if (!agreed) throw new DOMException("Cancelled.", "AbortError");
    }
    const isRemoved = await colloquy.conversations.remove(id);
    output.line(isRemoved ? `${id} was removed.` : `${id} was gone already.`);
    return { fields: { id, isRemoved } };
  });
}
