import { type ConversationId, type ConversationSeal, searchWords, type TranscriptMessage } from "@colloquy/core";
import { newStamp, readRow, stampLength } from "../store/row-text.js";

/** A message as it is kept: what the store knows by its place is not in it. */
export type KeptMessage = Omit<TranscriptMessage, "conversationId" | "seq">;

export interface ReadMessage {
  readonly message: TranscriptMessage;
  readonly stamp: string;
}

/** Begins with a stamp of its own. */
export function closeMessage(seal: ConversationSeal | undefined, message: KeptMessage): string {
  const { conversationId: _conversation, seq: _seq, ...kept } = message as TranscriptMessage;
  const text = JSON.stringify(kept);
  return newStamp() + (seal ? seal.close("message", text) : text);
}

/** From numbers and values in turn. */
export function openMessages(
  conversationId: ConversationId,
  seal: ConversationSeal | undefined,
  flat: readonly string[],
): readonly ReadMessage[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => {
    const value = flat[2 * index + 1] as string;
    const text = value.slice(stampLength);
    const message = readRow<TranscriptMessage>(seal ? seal.open("message", text) : text, {
      conversationId,
      seq: Number(flat[2 * index]),
    });
    return { message, stamp: value.slice(0, stampLength) };
  });
}

/** For the index, which learns nothing of what is encrypted or still growing. */
export function wordsOf(seal: ConversationSeal | undefined, messages: Iterable<KeptMessage>): readonly string[] {
  if (seal) return [];
  const words = new Set<string>();
  for (const { status, content } of messages)
    if (status !== "streaming") for (const word of searchWords(content)) words.add(word);
  return [...words];
}
