import { ColloquyError } from "../contract/index.js";
import type { ConversationId } from "./transcript-rows.js";

export function conversationNotFound(id: ConversationId): ColloquyError {
  return new ColloquyError({
    code: "SESSION_NOT_FOUND",
    message: `The store holds no conversation ${id}.`,
    userAction: "List the conversations and check the id.",
  });
}

export function messageNotFound(id: ConversationId, messageId: string): ColloquyError {
  return new ColloquyError({
    code: "REMOTE_NOT_FOUND",
    message: `Conversation ${id} has no message ${messageId}.`,
    userAction: "Read the conversation and check the id; the message may have been removed.",
    outcome: "not_attempted",
  });
}

export function conversationConflict(id: ConversationId, what: string): ColloquyError {
  return new ColloquyError({ code: "STORE_CONFLICT", message: `Conversation ${id} ${what}.` });
}

/** Throws `STORE_CONFLICT`. */
export function checkRevision(id: ConversationId, stored: number, wanted: number | undefined): void {
  if (wanted !== undefined && wanted !== stored)
    throw conversationConflict(id, `has revision ${stored}, not ${wanted}: somebody else changed it`);
}
