import type { ModelApi, PromptMessage } from "./conversation.js";
import type { Call } from "./state.js";

/** One prompt as tests and the page see it, whether or not its answer arrived. */
export interface ModelCallView {
  id: string;
  api: ModelApi;
  model: string;
  messages: PromptMessage[];
  isStreamed: boolean;
  startedAtMs: number;
  /** What has been said so far. */
  text: string;
  outputTokens: number;
  /** `cut`: the weather broke it off; `abandoned`: the client went away before the end. */
  outcome: Call["outcome"];
}

export function callView({ id, prompt, startedAtMs, text, outputTokens, outcome }: Call): ModelCallView {
  const { api, model, messages, isStreamed } = prompt;
  const copied = messages.map((message) => ({ ...message }));
  return { id, api, model, messages: copied, isStreamed, startedAtMs, text, outputTokens, outcome };
}
