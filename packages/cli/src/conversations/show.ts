import type { ShowConversationFlags } from "../commands/conversations.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { printable } from "../output/printable.js";
import { fieldList } from "../output/table.js";
import { wholeNumber } from "../whole-number.js";
import { conversationJson, messageJson, messageLine } from "./conversation-json.js";
import { findConversation } from "./find-conversation.js";

/** `colloquy conversations show`: what is known of it, and one page of messages. */
export function showConversation(context: Context, reference: string, flags: ShowConversationFlags): Promise<Report> {
  const { output } = context;
  const { limit, after, newest } = flags;
  const query = {
    from: newest ? ("newest" as const) : ("oldest" as const),
    ...(limit === undefined ? {} : { limit: wholeNumber("limit", limit) }),
    ...(after === undefined ? {} : { after: wholeNumber("after", after) }),
  };
  return withColloquy(context, async ({ colloquy }) => {
    const conversation = await findConversation(colloquy, reference);
    const { messages, cursor } = await colloquy.conversations.messages(conversation.id, query);
    const { id, title, messageCount, createdAtMs, updatedAtMs, metadata, lineage } = conversation;
    output.line(printable(title));
    output.line(
      fieldList([
        ["id", id],
        ["messages", String(messageCount)],
        ["made", new Date(createdAtMs).toISOString()],
        ["changed", new Date(updatedAtMs).toISOString()],
        ["metadata", Object.keys(metadata).length === 0 ? undefined : printable(JSON.stringify(metadata))],
        ["from", Object.keys(lineage).length === 0 ? undefined : printable(JSON.stringify(lineage))],
      ]),
    );
    output.line();
    for (const message of messages) output.line(messageLine(message));
    if (cursor !== undefined)
      output.note(`More: colloquy conversations show ${id}${newest ? " --newest" : ""} --after ${cursor}`);
    const fields = { conversation: conversationJson(conversation), messages: messages.map(messageJson) };
    return { fields: { ...fields, ...(cursor === undefined ? {} : { cursor }) } };
  });
}
