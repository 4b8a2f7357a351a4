import type { CopyFlags, MergeFlags } from "../commands/conversations.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { usageError } from "../usage-error.js";
import { wholeNumber } from "../whole-number.js";
import { conversationJson } from "./conversation-json.js";
import { findConversation } from "./find-conversation.js";

/** `colloquy conversations copy`: whole, or up to a message. */
export function copyCommand(context: Context, reference: string, { title, upTo }: CopyFlags): Promise<Report> {
  return withColloquy(context, async ({ colloquy }) => {
    const source = await findConversation(colloquy, reference);
    const target = { title: title ?? `Copy of ${source.title}` };
    const made = await (upTo === undefined
      ? colloquy.conversations.copy(source.id, target)
      : colloquy.conversations.fork(source.id, wholeNumber("up-to", upTo), target));
    context.output.line(`Made ${made.id} with ${made.messageCount} messages.`);
    return { fields: { conversation: conversationJson(made) } };
  });
}

/** `colloquy conversations merge`. */
export function mergeCommand(context: Context, references: readonly string[], { title }: MergeFlags): Promise<Report> {
  if (references.length < 2) throw usageError("Merging needs two conversations.", "Name at least two.");
  return withColloquy(context, async ({ colloquy }) => {
    const ids: string[] = [];
    for (const reference of references) ids.push((await findConversation(colloquy, reference)).id);
    const { conversation, duplicateCount } = await colloquy.conversations.merge(
      ids,
      title === undefined ? {} : { title },
    );
    const twice = duplicateCount === 0 ? "" : `; ${duplicateCount} were in more than one and are there once`;
    context.output.line(`Made ${conversation.id} with ${conversation.messageCount} messages${twice}.`);
    return { fields: { conversation: conversationJson(conversation), duplicateCount } };
  });
}
