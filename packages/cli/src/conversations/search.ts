import type { SearchConversationsFlags } from "../commands/conversations.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { wholeNumber } from "../whole-number.js";
import { hitJson, hitLine } from "./conversation-json.js";
import { findConversation } from "./find-conversation.js";

/** `colloquy conversations search`. */
export function searchConversations(
  context: Context,
  words: readonly string[],
  flags: SearchConversationsFlags,
): Promise<Report> {
  const { output } = context;
  return withColloquy(context, async ({ colloquy }) => {
    const within = flags.in === undefined ? undefined : await findConversation(colloquy, flags.in);
    const hits = await colloquy.conversations.search({
      text: words.join(" "),
      ...(within === undefined ? {} : { conversationId: within.id }),
      ...(flags.titles ? { scope: "titles" as const } : {}),
      ...(flags.limit === undefined ? {} : { limit: wholeNumber("limit", flags.limit) }),
    });
    if (hits.length === 0) output.line("Nothing was found.");
    for (const hit of hits) output.line(hitLine(hit));
    return { fields: { hits: hits.map(hitJson) } };
  });
}
