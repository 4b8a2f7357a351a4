import {
  type Conversation,
  type ConversationId,
  type ConversationTarget,
  checkTarget,
  conversationConflict,
  conversationNotFound,
  copiedConversation,
  invalid,
  type MergeOptions,
  type MergeResult,
  mergedConversation,
  mergedMessages,
  type TranscriptMessage,
} from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { closeBody, conversationOf, lineOf, messageOf, rowOf } from "./row-values.js";
import { type Shelf } from "./shelf.js";

export interface Snapshot {
  readonly conversation: Conversation;
  readonly messages: readonly TranscriptMessage[];
}

export type Make = (conversation: Conversation, messages: readonly TranscriptMessage[]) => Promise<Conversation>;

/** With all its messages, by one write. `needSession` fails with `SESSION_NOT_FOUND`. */
export async function makeConversation(
  shelf: Shelf,
  needSession: (sessionId: SessionId) => Promise<void>,
  given: Conversation,
  messages: readonly TranscriptMessage[],
): Promise<Conversation> {
  const { id, sessionId } = given;
  if (sessionId !== undefined) await needSession(sessionId);
  const made = { ...given, messageCount: messages.length, lastSeq: messages.at(-1)?.seq ?? 0 };
  const salt = given.isEncrypted ? shelf.newSalt() : undefined;
  await shelf.make(id, salt, (before, seal) => {
    if (before) throw conversationConflict(id, "exists already");
    const put = messages.map((message) => rowOf(seal, message));
    return { event: { line: lineOf(made, salt), body: closeBody(seal, made), put }, result: () => {} };
  });
  // The session is another history: it may have gone in between, with all conversations that were there then.
  if (sessionId !== undefined)
    await needSession(sessionId).catch(async (error: unknown) => {
      await shelf.remove(id);
      throw error;
    });
  return JSON.parse(JSON.stringify(made)) as Conversation;
}

export async function copyConversation(
  shelf: Shelf,
  make: Make,
  id: ConversationId,
  given: ConversationTarget,
  throughSeq?: number,
): Promise<Conversation> {
  checkTarget(given);
  if (throughSeq !== undefined && !(Number.isSafeInteger(throughSeq) && throughSeq >= 1))
    throw invalid("`seq` must be the number of a message.");
  const target = JSON.parse(JSON.stringify(given)) as ConversationTarget;
  const source = await snapshotOf(shelf, id);
  if (!source) throw conversationNotFound(id);
  const lineage = { copiedFrom: id, ...(throughSeq === undefined ? {} : { forkedAtSeq: throughSeq }) };
  const taken = source.messages.filter(({ seq }) => seq <= (throughSeq ?? seq));
  return make(copiedConversation(source.conversation, target, lineage), taken);
}

export async function mergeConversations(
  shelf: Shelf,
  make: Make,
  ids: readonly ConversationId[],
  given: ConversationTarget,
  options?: MergeOptions,
): Promise<MergeResult> {
  checkTarget(given);
  const target = JSON.parse(JSON.stringify(given)) as ConversationTarget;
  const wanted = [...new Set(ids)];
  const all = await Promise.all(wanted.map((id) => snapshotOf(shelf, id)));
  const sources = all.filter((source) => source !== undefined);
  const [first, ...others] = sources.map(({ conversation }) => conversation);
  if (!first) throw conversationNotFound(ids[0] ?? "");
  const merged = mergedConversation([first, ...others], target, options);
  let duplicateCount = 0;
  const lists = sources.map(({ messages }) => messages);
  const messages = [...mergedMessages(target.id, lists, () => duplicateCount++)];
  return {
    conversation: await make(merged, messages),
    missing: wanted.filter((_, index) => all[index] === undefined),
    duplicateCount,
  };
}

/** As it is at one moment. */
export function snapshotOf(shelf: Shelf, id: ConversationId, knownSeq?: number): Promise<Snapshot | undefined> {
  return shelf.read(
    id,
    (found) => ({
      conversation: conversationOf(found),
      messages: found.state.rows.map((row) => messageOf(found, row)),
    }),
    knownSeq,
  );
}
