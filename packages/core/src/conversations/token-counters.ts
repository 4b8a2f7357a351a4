import type { ChatModel, TokenCounter } from "../contract/index.js";

/** ASSUMED: what models' own guides give for English text. */
const charactersPerToken = 4;

/** A rule of thumb, and marked as one. */
export const estimatedTokens: TokenCounter = {
  isExact: false,
  count: (text) => Math.ceil(text.length / charactersPerToken),
};

/** Each model's tokenizer, loaded when it is first needed and once. */
export class TokenCounters {
  readonly #loaded = new WeakMap<ChatModel, Promise<TokenCounter>>();

  /** A tokenizer that cannot be loaded is no reason not to answer: the estimate takes its place. */
  of(model: ChatModel): Promise<TokenCounter> {
    let counter = this.#loaded.get(model);
    if (!counter) {
      counter = model.tokens ? model.tokens().catch(() => estimatedTokens) : Promise.resolve(estimatedTokens);
      this.#loaded.set(model, counter);
    }
    return counter;
  }
}
