import {
  type ConversationId,
  changedMessage,
  checkInstant,
  checkMessageChange,
  conversationNotFound,
  isEdit,
  limitOf,
  type MessageChange,
  type MessageChangeOptions,
  type MessagePage,
  type MessageQuery,
  messageNotFound,
  type TranscriptMessage,
} from "@colloquy/core";
import { namedRows, pageRows, replaceRow } from "./message-scripts.js";
import { closeMessage, openMessages, type ReadMessage, wordsOf } from "./message-text.js";
import type { Shelf } from "./shelf.js";
import { settle } from "./touched.js";

export async function readPage(shelf: Shelf, id: ConversationId, query: MessageQuery = {}): Promise<MessagePage> {
  const { from = "oldest", after } = query;
  const limit = limitOf(query.limit, 100, 10_000);
  const start = after ?? (from === "oldest" ? 0 : "inf");
  // One more than asked for tells whether there is a next page.
  const found = await pageOf(shelf, id, from, start, limit + 1);
  const taken = found.slice(0, limit).map(({ message }) => message);
  const last = taken.at(-1);
  return {
    messages: from === "oldest" ? taken : taken.toReversed(),
    ...(last && found.length > limit ? { cursor: last.seq } : {}),
  };
}

export async function readMessage(
  shelf: Shelf,
  id: ConversationId,
  messageId: string,
): Promise<TranscriptMessage | undefined> {
  return (await messagesNamed(shelf, id, [messageId]))?.[0]?.message;
}

export async function changeMessage(
  shelf: Shelf,
  id: ConversationId,
  messageId: string,
  given: MessageChange,
  { atMs, ifRevision }: MessageChangeOptions,
): Promise<TranscriptMessage> {
  checkMessageChange(messageId, given);
  checkInstant("atMs", atMs);
  const change = JSON.parse(JSON.stringify(given)) as MessageChange;
  for (;;) {
    const found = await messagesNamed(shelf, id, [messageId]);
    if (!found) throw conversationNotFound(id);
    const [before] = found;
    if (!before) throw messageNotFound(id, messageId);
    const after = changedMessage(before.message, change, ifRevision);
    const { seal } = before;
    const [outcome, ...answer] = (await shelf.server.writeScript(
      replaceRow,
      shelf.keys.some(id, "head", "messages", "words"),
      [
        after.seq,
        before.stamp,
        closeMessage(seal, after),
        isEdit(before.message) ? "1" : "",
        atMs,
        ...wordsOf(seal, [after]),
      ],
    )) as readonly [string, ...string[]];
    // Somebody else changed it in between.
    if (outcome === "changed") continue;
    await settle(shelf, id, answer);
    return after;
  }
}

/** With their stamps. */
export async function pageOf(
  shelf: Shelf,
  id: ConversationId,
  from: "oldest" | "newest",
  start: number | "inf",
  count: number,
): Promise<readonly ReadMessage[]> {
  const keys = shelf.keys.some(id, "head", "messages", "seqs");
  return (await opened(shelf, id, await shelf.server.readScript(pageRows, keys, [from, start, count]))) ?? [];
}

/** Undefined when there is no such conversation. */
export async function messagesNamed(
  shelf: Shelf,
  id: ConversationId,
  ids: readonly string[],
): ReturnType<typeof opened> {
  const keys = shelf.keys.some(id, "head", "messages", "ids");
  const names = ids.map((messageId) => JSON.stringify(messageId));
  return opened(shelf, id, await shelf.server.readScript(namedRows, keys, names));
}

async function opened(
  shelf: Shelf,
  id: ConversationId,
  answer: unknown,
): Promise<readonly (ReadMessage & { readonly seal: Awaited<ReturnType<Shelf["sealOf"]>> })[] | undefined> {
  const [salt, ...flat] = answer as readonly string[];
  if (salt === undefined) return undefined;
  const seal = await shelf.sealOf(id, salt);
  return openMessages(id, seal, flat).map((found) => ({ ...found, seal }));
}
