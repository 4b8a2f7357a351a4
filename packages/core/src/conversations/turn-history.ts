import type { InstantMs, TokenCounter } from "../contract/index.js";
import type { Conversation, TranscriptMessage, TranscriptStore } from "../store/transcripts.js";
import { type ContextWindow, contextWindow, tokensOf, type WindowRules } from "./context-window.js";
import { systemTextOf } from "./system-text.js";
import { estimatedTokens } from "./token-counters.js";

/** Every tokenizer in use falls back to single bytes. */
const mostTokens: TokenCounter = { isExact: false, count: (text) => Buffer.byteLength(text) };

/** How many messages are read at once, from the newest on. */
const pageSize = 100;

/** An answer that still grows after so long was left by a process that ended. ASSUMED: longer than any answer takes. */
export const abandonedAfterMs: number = 15 * 60_000;

/** What was said so far, read from the newest on and no further than it is needed. */
export class TurnHistory {
  readonly #store: TranscriptStore;
  readonly #conversation: Conversation;
  /** Not stored yet: the prompt. */
  readonly #next: readonly TranscriptMessage[];
  /** From another turn on: what belongs to it is not history. */
  readonly #beforeSeq: number;
  #messages: readonly TranscriptMessage[] = [];
  #after: number | undefined;
  #isWhole = false;

  constructor(
    store: TranscriptStore,
    conversation: Conversation,
    next: readonly TranscriptMessage[] = [],
    beforeSeq: number = Number.POSITIVE_INFINITY,
  ) {
    this.#store = store;
    this.#conversation = conversation;
    this.#next = next;
    this.#beforeSeq = beforeSeq;
  }

  /** What a model is given. Older messages are read until the budget is full. */
  async window(rules: Omit<WindowRules, "systemText">): Promise<ContextWindow> {
    const { budgetTokens, counter } = rules;
    while (!this.#isWhole && tokensOf(this.#all(), counter) <= budgetTokens) await this.#readMore();
    const systemText = systemTextOf(this.#conversation.context);
    return contextWindow(this.#all(), systemText === undefined ? rules : { ...rules, systemText }, !this.#isWhole);
  }

  /**
   * The same, with a tokenizer that is loaded only where it matters: no text has more tokens than bytes, so what fits by its bytes
   * fits, and is counted by estimate.
   */
  async windowFor(
    rules: Omit<WindowRules, "systemText" | "counter">,
    load: () => Promise<TokenCounter>,
  ): Promise<ContextWindow> {
    const { budgetTokens } = rules;
    const system = systemTextOf(this.#conversation.context) ?? "";
    const most = (): number => tokensOf([...this.#all(), { role: "system", content: system }], mostTokens);
    while (!this.#isWhole && most() <= budgetTokens) await this.#readMore();
    const counter = most() <= budgetTokens ? estimatedTokens : await load();
    return this.window({ ...rules, counter });
  }

  /** Answers that nobody is writing any more, among the newest messages. */
  async abandoned(nowMs: InstantMs): Promise<readonly TranscriptMessage[]> {
    if (this.#messages.length === 0) await this.#readMore();
    return this.#messages.filter(({ status, atMs }) => status === "streaming" && nowMs - atMs >= abandonedAfterMs);
  }

  #all(): readonly TranscriptMessage[] {
    return [...this.#messages.filter(({ seq }) => seq < this.#beforeSeq), ...this.#next];
  }

  async #readMore(): Promise<void> {
    const { messages, cursor } = await this.#store.page(this.#conversation.id, {
      from: "newest",
      limit: pageSize,
      ...(this.#after === undefined ? {} : { after: this.#after }),
    });
    this.#messages = [...messages, ...this.#messages];
    this.#after = cursor;
    this.#isWhole = cursor === undefined;
  }
}
