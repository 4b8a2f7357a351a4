import type { StreamedOperation } from "./operation.js";
import type { AnyProvider } from "./provider.js";
import type { JsonValue } from "./wire.js";

export interface ChatToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonValue;
}

/** One message as a model is given it. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  /** Of an `assistant` message: what it asked to be called. */
  readonly toolCalls?: readonly ChatToolCall[];
  /** Of a `tool` message: the call that it answers. */
  readonly toolCallId?: string;
  readonly name?: string;
}

export interface ChatTool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonValue;
}

/** What a model is asked. System messages come first. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** Default: the model's own. */
  readonly temperature?: number;
  /** Longest answer in tokens. Default: the model's own. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly tools?: readonly ChatTool[];
  /** Default true. False asks for the whole answer at once. */
  readonly stream?: boolean;
  /** More fields for this model's request, as its API spells them. */
  readonly extra?: Readonly<Record<string, JsonValue>>;
}

/** A part of an answer. */
export interface ChatPiece {
  readonly text: string;
}

/** As the service counted, never by us. */
export interface ChatUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Of the input: what the service had in its cache. */
  readonly cachedTokens?: number;
}

/** Why a model stopped: `other` with what the service said in `finishWord`. */
export type ChatFinish = "stop" | "length" | "tool_calls" | "refused" | "other";

export interface ChatAnswer {
  readonly text: string;
  readonly toolCalls?: readonly ChatToolCall[];
  readonly usage?: ChatUsage;
  readonly finish: ChatFinish;
  readonly finishWord?: string;
  /** The model's name as the service tells it, often more exact than the one asked for. */
  readonly modelName?: string;
}

/** Counts tokens as one model does. */
export interface TokenCounter {
  count(text: string): number;
  /** False: another model's tokenizer, or a rule of thumb. */
  readonly isExact: boolean;
}

/** A model behind an endpoint: data and pure functions. Core's transport carries its calls. */
export interface ChatModel {
  /** `type:name`, for example `ollama:llama3.2`. Unique among the models of one provider. */
  readonly id: string;
  readonly type: "ollama" | "openai" | "anthropic" | "custom" | (string & {});
  readonly name: string;
  /** It runs on this machine. */
  readonly isLocal: boolean;
  /** Input and output together. Default: unknown, and windows keep to a small budget. */
  readonly contextTokens?: number;
  /** Whose limits, credentials and failures these are. */
  readonly account: AnyProvider;
  readonly chat: StreamedOperation<ChatRequest, ChatAnswer, ChatPiece>;
  /** Loads the tokenizer when it is first needed. Default: an estimate of four characters a token, marked as one. */
  tokens?(): Promise<TokenCounter>;
}

/** What a monitor last found. `undefined` as long as it found nothing. */
export type MonitorReadings = Readonly<Record<string, JsonValue | undefined>>;

/** Looks at the world in the background. No answer ever waits for it. */
export interface Monitor {
  readonly name: string;
  /** A reading older than this many milliseconds is still used, and replaced meanwhile. */
  readonly maxAgeMs: number;
  measure(): Promise<JsonValue>;
}

export interface RouteRequest {
  readonly models: readonly ChatModel[];
  readonly readings: MonitorReadings;
  readonly prompt: string;
}

/** Which models to ask, in this order, and why the first one is first. */
export interface Route {
  readonly models: readonly ChatModel[];
  readonly why: string;
  /** What else the caller should be told, for example each agent's verdict. */
  readonly checks?: Readonly<Record<string, JsonValue>>;
}

/** Sessions that are conversations with models. Core keeps the messages, carries out the turns and tells them piece by piece. */
export interface ConverseFacet {
  /** At least one. Read at each turn, so models may come and go. */
  readonly models: readonly ChatModel[];
  readonly monitors: readonly Monitor[];
  /** Pure. */
  route(request: RouteRequest): Route;
}
