import { type Conversation, conversationConflict, searchWords, type TranscriptMessage } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { newStamp } from "../store/row-text.js";
import { draftParts } from "./conversation-keys.js";
import { draftMessages, makeHead } from "./head-scripts.js";
import { closeMessage, wordsOf } from "./message-text.js";
import { fieldsOf, type Shelf } from "./shelf.js";

/** Laid out by one script. ASSUMED: some hundred kilobytes. */
const mostInDraft = 500;

/** A copy that was cut short is gone after that. ASSUMED: longer than any copy takes. */
const draftSeconds = 3_600;

/**
 * Makes a conversation with all its messages at once: they are laid out under names of their own, and the script that writes the
 * head gives them theirs. Fails with `SESSION_NOT_FOUND`, `STORE_CONFLICT`, `CONFIG_INVALID` or `SECRET_UNREADABLE`.
 */
export async function makeConversation(
  shelf: Shelf,
  needSession: (sessionId: SessionId) => Promise<void>,
  given: Conversation,
  messages: readonly TranscriptMessage[] = [],
): Promise<Conversation> {
  const { id, sessionId, isEncrypted } = given;
  if (sessionId !== undefined) await needSession(sessionId);
  if (await shelf.head(id)) throw conversationConflict(id, "exists already");
  const conversation = { ...given, messageCount: messages.length, lastSeq: messages.at(-1)?.seq ?? 0 };
  const salt = isEncrypted ? shelf.newSalt() : "";
  const seal = await shelf.sealOf(id, salt);
  const stamp = newStamp();
  const drafts = shelf.keys.drafts(id, stamp);
  for (let from = 0; from < messages.length; from += mostInDraft) {
    const batch = messages.slice(from, from + mostInDraft);
    const rows = batch.flatMap((message) => [message.seq, JSON.stringify(message.id), closeMessage(seal, message)]);
    const words = wordsOf(seal, batch);
    await shelf.server.writeScript(draftMessages, drafts, [draftSeconds, batch.length, ...rows, ...words]);
  }
  const words = seal ? [] : [...searchWords(conversation.title)];
  const fields = fieldsOf(conversation, shelf.closeBody(seal, conversation), salt);
  await shelf.places.file(conversation);
  const isMade = await shelf.server.writeScript(
    makeHead,
    [...shelf.keys.some(id, "head", ...draftParts), ...drafts],
    [stamp, words.length, ...fields, ...words],
  );
  if (isMade !== 1) throw conversationConflict(id, "exists already");
  await shelf.places.file(conversation);
  // The session lies in another slot: it may have gone in between, with all conversations that were there then.
  if (sessionId !== undefined)
    await needSession(sessionId).catch(async (error: unknown) => {
      await shelf.remove(id);
      throw error;
    });
  return conversation;
}
