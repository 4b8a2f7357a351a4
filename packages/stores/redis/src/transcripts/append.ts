import { createHash } from "node:crypto";
import {
  type AppendOptions,
  type ConversationId,
  canonicalText,
  checkId,
  checkInstant,
  checkMessages,
  conversationConflict,
  conversationNotFound,
  type NewTranscriptMessage,
  type TranscriptMessage,
} from "@colloquy/core";
import { appendRows } from "./message-scripts.js";
import { closeMessage, type KeptMessage, openMessages, wordsOf } from "./message-text.js";
import type { Shelf } from "./shelf.js";
import { settle } from "./touched.js";

/** One script that reads nothing first. Only the first append to an encrypted conversation has to be told by it how to seal. */
export async function appendMessages(
  shelf: Shelf,
  id: ConversationId,
  given: readonly NewTranscriptMessage[],
  { atMs, operationId }: AppendOptions,
): Promise<readonly TranscriptMessage[]> {
  checkMessages(given);
  checkInstant("atMs", atMs);
  if (operationId !== undefined) checkId("an operation", operationId);
  const digest = createHash("sha256").update(canonicalText(given)).digest("base64");
  const messages = given.map(
    (message): KeptMessage =>
      JSON.parse(JSON.stringify({ status: "complete", ...message, revision: 1 })) as KeptMessage,
  );
  const keys = shelf.keys.some(id, "head", "messages", "ids", "seqs", "words", "operations");
  for (let salt = ""; ; ) {
    const seal = await shelf.sealOf(id, salt);
    const rows = messages.flatMap((message) => [JSON.stringify(message.id), closeMessage(seal, message)]);
    const [outcome, ...answer] = (await shelf.server.writeScript(appendRows, keys, [
      salt,
      atMs,
      operationId === undefined ? "" : JSON.stringify(operationId),
      digest,
      messages.length,
      ...rows,
      ...wordsOf(seal, messages),
    ])) as readonly [string, ...string[]];
    if (outcome === "gone") throw conversationNotFound(id);
    if (outcome === "operation") throw conversationConflict(id, `knows operation ${operationId} with other messages`);
    if (outcome === "seal") {
      salt = answer[0] ?? "";
      continue;
    }
    await settle(shelf, id, answer);
    return openMessages(id, seal, answer.slice(3)).map(({ message }) => message);
  }
}
