import { type ChatMessage, ColloquyError, type TokenCounter } from "../contract/index.js";
import type { TranscriptMessage } from "../store/transcript-rows.js";
import { type ChatUnit, unitsOf } from "./chat-units.js";

/** What surrounds each message on the way into a model. ASSUMED, after OpenAI's counting guide: three to four tokens. */
const messageTokens = 4;

/** `fail`: `MESSAGE_TOO_LONG`. `truncate`: the model is given its beginning and its end; what is stored stays whole. */
export type OversizePolicy = "fail" | "truncate";

export interface WindowRules {
  /** Most tokens of all messages together, system messages included. */
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
  /** Goes before everything else. */
  readonly systemText?: string;
  /** Default `fail`. */
  readonly oversize?: OversizePolicy;
}

/** What a model is given of a conversation. */
export interface ContextWindow {
  readonly messages: readonly ChatMessage[];
  readonly tokenCount: number;
  /** The count is an estimate, not the model's own. */
  readonly isEstimate: boolean;
  readonly budgetTokens: number;
  /** The newest message did not fit and was shortened. */
  readonly isTruncated: boolean;
  /** Older messages exist that did not fit. */
  readonly hasMore: boolean;
}

/**
 * The newest messages that fit, beginning with one of the user's, after all system messages. Pure. `hasOlder`: the history given
 * is not all there is. Throws `MESSAGE_TOO_LONG` when not even the newest fits.
 */
export function contextWindow(
  history: readonly TranscriptMessage[],
  rules: WindowRules,
  hasOlder = false,
): ContextWindow {
  const { budgetTokens, counter, systemText } = rules;
  const found = unitsOf(history);
  const first: readonly ChatMessage[] = systemText === undefined ? [] : [{ role: "system", content: systemText }];
  const system = [...first, ...found.system];
  const newest = found.units.at(-1) ?? [];
  let left = budgetTokens - tokensOf(system, counter);
  let last = newest;
  if (tokensOf(newest, counter) > left) last = shortened(newest, left, rules);
  left -= tokensOf(last, counter);
  const taken: ChatUnit[] = [last];
  for (const unit of found.units.slice(0, -1).toReversed()) {
    const cost = tokensOf(unit, counter);
    if (cost > left) break;
    left -= cost;
    taken.unshift(unit);
  }
  // Models refuse a conversation that begins with an answer, or lose the thread.
  while (taken.length > 1 && taken[0]?.[0]?.role !== "user") left += tokensOf(taken.shift() ?? [], counter);
  return {
    messages: [...system, ...taken.flat()],
    tokenCount: budgetTokens - left,
    isEstimate: !counter.isExact,
    budgetTokens,
    isTruncated: last !== newest,
    hasMore: hasOlder || taken.length < found.units.length,
  };
}

export function tokensOf(messages: readonly ChatMessage[], counter: TokenCounter): number {
  return messages.reduce((sum, { content, toolCalls }) => {
    const calls = toolCalls ? counter.count(JSON.stringify(toolCalls)) : 0;
    return sum + messageTokens + counter.count(content) + calls;
  }, 0);
}

function shortened(unit: ChatUnit, budgetTokens: number, { oversize, counter }: WindowRules): ChatUnit {
  const [only] = unit;
  if (oversize === "truncate" && unit.length === 1 && only) {
    const content = middleCut(only.content, budgetTokens - messageTokens, counter);
    if (content !== undefined) return [{ ...only, content }];
  }
  throw new ColloquyError({
    code: "MESSAGE_TOO_LONG",
    message: `The newest message needs ${tokensOf(unit, counter)} tokens, and ${Math.max(0, budgetTokens)} are left for it.`,
    userAction: 'Shorten it, use a model with a larger context, or let it be cut with `oversize: "truncate"`.',
  });
}

const gap = "\n[…]\n";

/** The longest beginning and end that fit together; undefined when nothing does. */
function middleCut(text: string, budgetTokens: number, counter: TokenCounter): string | undefined {
  const cut = (kept: number): string =>
    (text.slice(0, Math.ceil(kept / 2)) + gap + text.slice(text.length - Math.floor(kept / 2))).toWellFormed();
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (counter.count(cut(middle)) <= budgetTokens) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? undefined : cut(low);
}
