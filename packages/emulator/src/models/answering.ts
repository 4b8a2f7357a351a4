import type { Answer, Prompt } from "./conversation.js";
import { promptTokenCount, tokensOf } from "./tokens.js";

/** A reply made into the answer that the prompt's bounds allow: cut before a stop sequence, then after so many tokens. */
export function boundedAnswer(prompt: Prompt, reply: string): Answer {
  const { at, stopSequence } = firstStop(reply, prompt.stopSequences);
  const tokens = tokensOf(reply.slice(0, at));
  const inputTokens = promptTokenCount(prompt.messages);
  const limit = prompt.maxTokens ?? tokens.length;
  if (tokens.length > limit)
    return { tokens: tokens.slice(0, limit), ending: "length", stopSequence: null, inputTokens };
  return { tokens, ending: stopSequence === null ? "stop" : "stop_sequence", stopSequence, inputTokens };
}

function firstStop(text: string, stops: readonly string[]): { at: number; stopSequence: string | null } {
  let found: { at: number; stopSequence: string | null } = { at: text.length, stopSequence: null };
  for (const stop of stops) {
    const at = stop === "" ? -1 : text.indexOf(stop);
    if (at >= 0 && at < found.at) found = { at, stopSequence: stop };
  }
  return found;
}
