import assert from "node:assert/strict";
import type { NewConversation, NewTranscriptMessage, TranscriptMessage, TranscriptStore } from "@colloquy/core";
import { startAtMs } from "./samples.js";
import type { StoreCase, StoreCaseContext } from "./store-case.js";

const promise: NonNullable<StoreCase["promise"]> = {
  isMade: ({ keepsTranscripts }) => keepsTranscripts === true,
  otherwise: "the store keeps no transcripts",
};

/** A test of the transcripts of a store, for stores that promise them. */
export function transcriptCase(
  title: string,
  run: (transcripts: TranscriptStore, context: StoreCaseContext) => Promise<void>,
): StoreCase {
  return { title, promise, run: (context) => run(transcriptsOf(context.store), context) };
}

export function transcriptsOf({ transcripts }: StoreCaseContext["store"]): TranscriptStore {
  assert.ok(transcripts, "A store whose manifest says `keepsTranscripts` must have `transcripts`.");
  return transcripts;
}

export function newConversation(id: string, changes: Partial<NewConversation> = {}): NewConversation {
  return {
    id,
    title: "Trip to Oslo",
    context: { system: "Be brief.", nested: { list: [1, "two", null] } },
    metadata: { category: "travel", priority: 3, customer: { tier: "gold" }, tags: ["a", "b"], nothing: null },
    createdAtMs: startAtMs,
    ...changes,
  };
}

/** With something in every corner. */
export function newMessage(id: string, changes: Partial<NewTranscriptMessage> = {}): NewTranscriptMessage {
  return {
    id,
    role: "assistant",
    content: `Text of ${id}`,
    parts: [{ type: "text", text: "Hello" }],
    toolCalls: [{ id: "call_1", name: "weather", arguments: { city: "Oslo", days: [1, 2] } }],
    status: "complete",
    model: "example-1",
    usage: { inputTokens: 10, outputTokens: 2 },
    atMs: startAtMs,
    metadata: { rating: null, deep: { er: true } },
    ...changes,
  };
}

export function plainMessage(
  id: string,
  content: string,
  changes: Partial<NewTranscriptMessage> = {},
): NewTranscriptMessage {
  return { id, role: "user", content, atMs: startAtMs, ...changes };
}

/** A conversation with messages `msg_1` to `msg_n`, each an instant later. */
export async function conversationWith(
  transcripts: TranscriptStore,
  id: string,
  count: number,
  changes?: Partial<NewConversation>,
): Promise<readonly TranscriptMessage[]> {
  await transcripts.create(newConversation(id, changes));
  if (count === 0) return [];
  return transcripts.append(
    id,
    Array.from({ length: count }, (_, index) =>
      newMessage(`msg_${index + 1}`, { atMs: startAtMs + index, role: index % 2 === 0 ? "user" : "assistant" }),
    ),
    { atMs: startAtMs },
  );
}

export async function everyMessage(transcripts: TranscriptStore, id: string): Promise<readonly TranscriptMessage[]> {
  const messages: TranscriptMessage[] = [];
  for await (const message of transcripts.read(id)) messages.push(message);
  return messages;
}

export const seqsOf = (messages: readonly TranscriptMessage[]): readonly number[] => messages.map(({ seq }) => seq);
export const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id);
