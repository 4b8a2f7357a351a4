import { checkConditions, metadataEntries, metadataMatches } from "./metadata-filter.js";
import type { Conversation } from "./transcript-rows.js";
import type { ConversationQuery } from "./transcripts.js";

/** What a list asks of each conversation by itself. Throws `INPUT_INVALID` for a malformed condition. */
export function conversationFilter({
  ownerId,
  sessionId,
  where = [],
  titleContains,
  aliveAtMs,
}: ConversationQuery): (conversation: Conversation) => boolean {
  checkConditions(where);
  const title = titleContains?.toLowerCase();
  return (conversation) => {
    if (ownerId !== undefined && conversation.ownerId !== ownerId) return false;
    if (sessionId !== undefined && conversation.sessionId !== sessionId) return false;
    if (aliveAtMs !== undefined && (conversation.expiresAtMs ?? Infinity) <= aliveAtMs) return false;
    if (conversation.isEncrypted && (title !== undefined || where.length > 0)) return false;
    if (title !== undefined && !conversation.title.toLowerCase().includes(title)) return false;
    return where.length === 0 || metadataMatches(metadataEntries(conversation.metadata), where);
  };
}
