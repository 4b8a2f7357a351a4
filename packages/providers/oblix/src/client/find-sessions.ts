import type { Conversations } from "@colloquy/core";
import type { FoundSession } from "./client-options.js";
import { summaryOf } from "./session-data.js";

/** Titles first, then messages; each session once. */
export async function findSessions(
  conversations: Pick<Conversations, "search">,
  text: string,
  limit: number,
): Promise<readonly FoundSession[]> {
  const found = new Map<string, FoundSession>();
  for (const scope of ["titles", "messages"] as const)
    for (const { conversation, snippet } of await conversations.search({ text, scope, limit })) {
      const matchType = scope === "titles" ? "title" : "content";
      if (!found.has(conversation.id)) found.set(conversation.id, { ...summaryOf(conversation), matchType, snippet });
    }
  return [...found.values()].slice(0, limit);
}
