import { z } from "zod";
import { type CommonDials, commonDefaults, commonShape, count, ms, rate } from "../http/common-dials.js";
import { type ModelApi, modelApis } from "./conversation.js";

/** The weather of the emulated model endpoints. Every dial can be turned while they run. Durations are milliseconds. */
export interface ModelDials extends CommonDials {
  /** Which endpoints the dials below strike; the others are calm. Default all three. */
  affected: ModelApi[];
  /** Endpoints that cannot be reached: their connections break at once, whatever `affected` says. Default none. */
  down: ModelApi[];
  /** Who answers: a small model, or a person on the page or over the control API. Default "model". */
  answeredBy: "model" | "person";
  /** How long the model thinks before its first token. Default 0. */
  firstTokenMs: number;
  /** How long each token takes. Default 0. */
  tokenMs: number;
  /** Streams break after so many tokens; null for never. Default null. */
  cutAfterTokens: number | null;
  /** How they break: the connection is reset, the body ends as if it were whole, an error is told in it, or nothing more comes. Default "reset". */
  cutAs: "reset" | "end" | "error" | "stall";
  /** How many streams break; null for all. Default null. */
  cuts: number | null;
  /** The line of each stream, counted from 1, that is no JSON; null for none. Default null. */
  garbledLine: number | null;
  /** Whether answers tell how many tokens were used. Default "told". */
  usage: "told" | "left_out";
  /** The next so many prompts are refused with 429 and `retry-after`. Default 0. */
  throttledNext: number;
  /** What `retry-after` says in these, in seconds. Default 2. */
  retryAfterSeconds: number;
  /** The next so many prompts are refused as overloaded: 529, or 503 where there is no 529. Default 0. */
  overloadedNext: number;
  /** Share of prompts refused as overloaded. Default 0. */
  overloadedRate: number;
  /** Limit of the OpenAI and the Anthropic endpoint; full again after a minute. Default 1,000. */
  requestsPerMinute: number;
  /** Their limit of tokens, in and out together. Default 1,000,000. */
  tokensPerMinute: number;
  /** The account has no money left, which waiting does not mend. Default false. */
  quotaUsedUp: boolean;
  /** Keys are no longer accepted. Default false. */
  keyRevoked: boolean;
  /** The longest prompt of the OpenAI and the Anthropic endpoint, in tokens; Ollama has `num_ctx`. Default 128,000. */
  contextTokens: number;
  /** How long Ollama pulls a model. Default 0. */
  pullMs: number;
  /** Pulling breaks off half-way. Default false. */
  pullFails: boolean;
}

export function defaultModelDials(): ModelDials {
  return {
    affected: [...modelApis],
    down: [],
    answeredBy: "model",
    firstTokenMs: 0,
    tokenMs: 0,
    cutAfterTokens: null,
    cutAs: "reset",
    cuts: null,
    garbledLine: null,
    usage: "told",
    throttledNext: 0,
    retryAfterSeconds: 2,
    overloadedNext: 0,
    overloadedRate: 0,
    requestsPerMinute: 1_000,
    tokensPerMinute: 1_000_000,
    quotaUsedUp: false,
    keyRevoked: false,
    contextTokens: 128_000,
    pullMs: 0,
    pullFails: false,
    ...commonDefaults(),
  };
}

const apis = z.array(z.enum(modelApis));

export const modelDialShape: Record<keyof ModelDials, z.ZodType> = {
  ...commonShape,
  affected: apis,
  down: apis,
  answeredBy: z.enum(["model", "person"]),
  firstTokenMs: ms,
  tokenMs: ms,
  cutAfterTokens: count.nullable(),
  cutAs: z.enum(["reset", "end", "error", "stall"]),
  cuts: count.nullable(),
  garbledLine: count.nullable(),
  usage: z.enum(["told", "left_out"]),
  throttledNext: count,
  retryAfterSeconds: z.number().min(0),
  overloadedNext: count,
  overloadedRate: rate,
  requestsPerMinute: z.number().int().min(1),
  tokensPerMinute: z.number().int().min(1),
  quotaUsedUp: z.boolean(),
  keyRevoked: z.boolean(),
  contextTokens: z.number().int().min(1),
  pullMs: ms,
  pullFails: z.boolean(),
};
