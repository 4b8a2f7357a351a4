import type { InstantMs } from "../contract/index.js";
import { ColloquyError } from "../contract/index.js";
import type { Conversation, NewTranscriptMessage, TranscriptMessage, TranscriptStore } from "../store/transcripts.js";
import type { TurnOptions } from "./turn.js";

/** Where one turn stands in its conversation: its prompt and its answer. */
export interface TurnSlot {
  readonly promptId: string;
  readonly answerId: string;
  /** The prompt, when it is stored already: this turn was tried before. */
  readonly prompt?: TranscriptMessage;
  readonly answer?: TranscriptMessage;
}

/** Looks whether this turn was tried before. Throws `STORE_CONFLICT` when its name stands for another prompt. */
export async function findSlot(
  store: TranscriptStore,
  conversation: Conversation,
  requestId: string,
  options: TurnOptions,
): Promise<TurnSlot> {
  const slot = { promptId: `${requestId}.prompt`, answerId: `${requestId}.answer` };
  // A name that was minted for this turn is new.
  if (options.requestId === undefined) return slot;
  const [prompt, answer] = await Promise.all([
    store.message(conversation.id, slot.promptId),
    store.message(conversation.id, slot.answerId),
  ]);
  const isOther = prompt ? prompt.content !== options.prompt : answer !== undefined && options.prompt !== undefined;
  if (isOther)
    throw new ColloquyError({
      code: "STORE_CONFLICT",
      message: `The request "${requestId}" was made in this conversation with another prompt.`,
      retryable: false,
      userAction: "Give every turn a request id of its own.",
    });
  return { ...slot, ...(prompt ? { prompt } : {}), ...(answer ? { answer } : {}) };
}

export function newPrompt(slot: TurnSlot, options: TurnOptions, atMs: InstantMs): readonly NewTranscriptMessage[] {
  const { prompt, metadata } = options;
  if (prompt === undefined || slot.prompt) return [];
  return [{ id: slot.promptId, role: "user", content: prompt, atMs, ...(metadata ? { metadata } : {}) }];
}

/** A message that is not stored yet, as the window wants it. */
export function asStored(conversation: Conversation, message: NewTranscriptMessage): TranscriptMessage {
  return {
    ...message,
    conversationId: conversation.id,
    seq: conversation.lastSeq + 1,
    status: message.status ?? "complete",
    revision: 1,
  };
}
