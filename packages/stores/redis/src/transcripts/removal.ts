import {
  type ConversationId,
  checkInstant,
  checkRevision,
  invalid,
  type TranscriptChangeOptions,
  type TranscriptMessage,
} from "@colloquy/core";
import { newStamp } from "../store/row-text.js";
import { removeRows } from "./message-scripts.js";
import type { ReadMessage } from "./message-text.js";
import { messagesNamed, pageOf } from "./messages.js";
import type { Shelf } from "./shelf.js";
import { settle } from "./touched.js";

export function removeMessages(
  shelf: Shelf,
  id: ConversationId,
  messageIds: readonly string[],
  options: TranscriptChangeOptions,
): Promise<readonly TranscriptMessage[]> {
  const wanted = [...new Set(messageIds)];
  return shrink(shelf, id, options, undefined, async () =>
    ((await messagesNamed(shelf, id, wanted)) ?? []).toSorted((one, other) => other.message.seq - one.message.seq),
  );
}

export async function popMessages(
  shelf: Shelf,
  id: ConversationId,
  count: number,
  options: TranscriptChangeOptions,
): Promise<readonly TranscriptMessage[]> {
  if (!Number.isSafeInteger(count) || count < 1) throw invalid("`count` must be a whole number from 1.");
  return shrink(shelf, id, options, count, () => pageOf(shelf, id, "newest", "inf", count));
}

/** Reads what is to go, newest first, and removes just that. */
async function shrink(
  shelf: Shelf,
  id: ConversationId,
  { atMs, ifRevision }: TranscriptChangeOptions,
  newestCount: number | undefined,
  read: () => Promise<readonly ReadMessage[]>,
): Promise<readonly TranscriptMessage[]> {
  checkInstant("atMs", atMs);
  const stamp = newStamp();
  for (;;) {
    const { conversation } = await shelf.need(id);
    checkRevision(id, conversation.revision, ifRevision);
    const found = await read();
    if (found.length === 0) return [];
    const [outcome, ...answer] = (await shelf.server.writeScript(
      removeRows,
      shelf.keys.some(id, "head", "messages", "ids", "seqs"),
      [
        stamp,
        ifRevision ?? "",
        atMs,
        newestCount ?? "",
        ...found.flatMap(({ message, stamp: read }) => [message.seq, JSON.stringify(message.id), read]),
      ],
    )) as readonly [string, ...string[]];
    if (outcome === "changed") continue;
    await settle(shelf, id, answer);
    return found.map(({ message }) => message).toReversed();
  }
}
