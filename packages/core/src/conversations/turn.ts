import type { ChatTool, ChatToolCall, ChatUsage, InstantMs, JsonValue, Priority } from "../contract/index.js";
import type { ConversationId, TranscriptMessage, TranscriptObject } from "../store/transcripts.js";
import type { ContextWindow, OversizePolicy } from "./context-window.js";

export interface TurnOptions {
  /** Default: goes on from what is there, for example after tool answers were appended. */
  readonly prompt?: string;
  /**
   * Makes a repetition safe: a turn of this name that was answered gives the same answer again, without asking a model; one that
   * failed is asked again in its place. The same name with another prompt fails with `STORE_CONFLICT`. Default: a fresh one.
   */
  readonly requestId?: string;
  /** `type:name` of one model, which then is the only one asked. Default: the provider's routing decides. */
  readonly modelId?: string;
  /** Which provider's models. Default: the first that converses. */
  readonly providerId?: string;
  readonly temperature?: number;
  /** Longest answer, in tokens. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly tools?: readonly ChatTool[];
  /** More fields of the model's own API. */
  readonly extra?: Readonly<Record<string, JsonValue>>;
  /** Default true. False asks for the answer whole; it is then told in one piece. */
  readonly stream?: boolean;
  /** Most tokens of history and prompt. Default: 70 % of the model's context; 4,000 where that is unknown. */
  readonly tokenBudget?: number;
  /** What to do with a prompt that alone is over the budget. Default `fail`. */
  readonly oversize?: OversizePolicy;
  /** Kept with the prompt. */
  readonly metadata?: TranscriptObject;
  /** Ends the turn; what has come stays, as `aborted`. */
  readonly signal?: AbortSignal;
  /** For waiting, all models and the whole answer, in milliseconds. Default: none. */
  readonly timeoutMs?: number;
  readonly priority?: Priority;
}

/** How asking one model of the route ended. */
export interface TriedModel {
  readonly modelId: string;
  readonly outcome: "answered" | "failed" | "skipped";
  /** Of the failure. */
  readonly code?: string;
  readonly why: string;
  readonly durationMs: number;
}

export interface RoutingDecision {
  readonly selected: string;
  readonly why: string;
  /** In the order in which they were asked; the last one answered. */
  readonly tried: readonly TriedModel[];
}

/** Measured, never made up: what is not known is absent. */
export interface TurnMetrics {
  readonly startedAtMs: InstantMs;
  readonly endedAtMs: InstantMs;
  readonly totalMs: number;
  /** From the start of the turn to the first piece. Absent when the answer came whole. */
  readonly timeToFirstTokenMs?: number;
  /** Tokens after the first piece by the time they took; only from the service's own count. */
  readonly tokensPerSecond?: number;
}

export interface TurnResult {
  readonly requestId: string;
  readonly conversationId: ConversationId;
  /** `type:name` of the model that answered. */
  readonly modelId: string;
  readonly response: string;
  /** As it is stored. */
  readonly message: TranscriptMessage;
  readonly toolCalls: readonly ChatToolCall[];
  readonly finish: string;
  readonly usage?: ChatUsage;
  readonly metrics: TurnMetrics;
  readonly routingDecision: RoutingDecision;
  /** What the routing told of each agent. */
  readonly checks: Readonly<Record<string, JsonValue>>;
  /** What the model was given; absent for a repetition. */
  readonly context?: Omit<ContextWindow, "messages"> & { readonly messageCount: number };
  /** The answer was there already; no model was asked. */
  readonly isRepetition: boolean;
}

/**
 * One turn. It is under way already: await it for the result, loop over it for the answer as it comes, or both. Leaving the loop
 * early ends the turn as `aborted`. Without a loop nothing is lost: the pieces are kept until one begins.
 */
export interface Turn extends Promise<TurnResult>, AsyncIterable<string> {
  readonly requestId: string;
  /** Ends it; what has come stays. */
  abort(reason?: Error): void;
}
