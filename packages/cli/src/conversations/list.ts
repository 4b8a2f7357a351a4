import type { MetadataCondition } from "@colloquy/core";
import type { ListConversationsFlags } from "../commands/conversations.js";
import type { Context, Report } from "../context.js";
import { withColloquy } from "../open-colloquy.js";
import { usageError } from "../usage-error.js";
import { wholeNumber } from "../whole-number.js";
import { conversationJson, conversationTable } from "./conversation-json.js";

/** `colloquy conversations list`: one page. */
export function listConversations(context: Context, flags: ListConversationsFlags): Promise<Report> {
  const { output } = context;
  const { limit, after, title, where = [] } = flags;
  const query = {
    ...(limit === undefined ? {} : { limit: wholeNumber("limit", limit) }),
    ...(after === undefined ? {} : { after }),
    ...(title === undefined ? {} : { titleContains: title }),
    where: where.map(conditionOf),
  };
  return withColloquy(context, async ({ colloquy, path }) => {
    const { conversations, cursor } = await colloquy.conversations.page(query);
    if (conversations.length > 0) output.line(conversationTable(conversations, Date.now()));
    else output.line(`No conversations are in ${path}. Begin one: colloquy chat`);
    if (cursor !== undefined) output.note(`More: colloquy conversations list --after ${cursor}`);
    return { fields: { conversations: conversations.map(conversationJson), ...(cursor ? { cursor } : {}) } };
  });
}

/** `key=value`; a value that is JSON counts as what it is, any other as text. */
function conditionOf(text: string): MetadataCondition {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw usageError(`"${text}" is no condition.`, "Write it like team=support.");
  return { path: key, equals: scalarOf(value) };
}

function scalarOf(text: string): string | number | boolean | null {
  if (/^(?:true|false|null)$|^-?\d+(?:\.\d+)?$/.test(text)) return JSON.parse(text) as number | boolean | null;
  return text;
}
