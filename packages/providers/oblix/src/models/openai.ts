import type {
  ChatAnswer,
  ChatFinish,
  ChatMessage,
  ChatModel,
  ChatPiece,
  ChatUsage,
  CredentialSource,
  JsonValue,
} from "@colloquy/core/contract";
import { isRecord, textAt } from "../json.js";
import { modelAccount } from "./account.js";
import { type ChatReader, chatOperation } from "./chat-operation.js";
import { wordsOf } from "./failures.js";
import { GatheredAnswer } from "./gathered-answer.js";
import { functionTools, jsonBody } from "./json-body.js";
import { malformed, toldInside } from "./malformed.js";
import { requestsPerMinute } from "./rate-limits.js";
import { ServerEvents } from "./server-events.js";
import { tokenizerOf } from "./tokens.js";
import { isLoopback } from "./urls.js";
import { usageOf } from "./usage.js";

export interface OpenAiOptions {
  readonly model: string;
  /** The key, or a function that fetches it for each request. Default: none is sent, which only some servers take. */
  readonly apiKey?: CredentialSource;
  /** With `/v1`. Default `https://api.openai.com/v1`; any server that speaks the same will do. */
  readonly baseUrl?: string;
  /** Input and output together. Default: unknown, and windows keep to 4,000 tokens. */
  readonly contextTokens?: number;
  /** Default: whether the base URL is this machine. */
  readonly isLocal?: boolean;
  /** How the longest answer is named: newer models take only the default, some servers only `max_tokens`. */
  readonly maxTokensField?: "max_completion_tokens" | "max_tokens";
}

const displayName = "OpenAI";

/** A model behind OpenAI's chat completions, or any server that speaks the same. */
export function openai(options: OpenAiOptions): ChatModel {
  const { model, apiKey, baseUrl = "https://api.openai.com/v1", contextTokens, isLocal } = options;
  const { maxTokensField = "max_completion_tokens" } = options;
  const tokens = tokenizerOf(model);
  return {
    id: `openai:${model}`,
    type: "openai",
    name: model,
    isLocal: isLocal ?? isLoopback(baseUrl),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(tokens ? { tokens } : {}),
    account: modelAccount({
      id: "openai",
      displayName,
      baseUrl,
      asOf: "2026-11-21",
      environmentVariable: "OPENAI_API_KEY",
      isKeyRequired: baseUrl.startsWith("https://api.openai.com"),
      ...(apiKey === undefined ? {} : { apiKey }),
      readRateLimits: (response) => requestsPerMinute(response, "x-ratelimit-limit-requests"),
    }),
    chat: chatOperation({
      displayName,
      path: "/chat/completions",
      encode: ({ messages, temperature, maxTokens, stop, tools, extra, stream = true }) =>
        jsonBody({
          model,
          messages: messages.map(messageOf),
          stream,
          // Without it a stream tells no usage.
          stream_options: stream ? { include_usage: true } : undefined,
          temperature,
          [maxTokensField]: maxTokens,
          stop,
          tools: functionTools(tools),
          ...extra,
        }),
      reader: () => new ChunkReader(),
      whole: (body) => wholeAnswer(body),
    }),
  };
}

function messageOf({ role, content, toolCalls, toolCallId, name }: ChatMessage): JsonValue {
  return {
    role,
    content: toolCalls && content === "" ? null : content,
    ...(toolCalls
      ? {
          tool_calls: toolCalls.map((call) => ({
            id: call.id,
            type: "function",
            function: { name: call.name, arguments: JSON.stringify(call.arguments) },
          })),
        }
      : {}),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(name === undefined || role === "tool" ? {} : { name }),
  };
}

const finishes: Readonly<Record<string, ChatFinish>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "refused",
};

/** Events of deltas, then one of usage, then `[DONE]`. */
class ChunkReader implements ChatReader {
  readonly #events = new ServerEvents(displayName);
  readonly #answer = new GatheredAnswer(displayName, finishes);
  #usage: unknown;
  #isDone = false;

  push(text: string): readonly ChatPiece[] {
    return this.#events.push(text).flatMap((event) => {
      if (event) return this.#take(event.value);
      this.#isDone = true;
      return [];
    });
  }

  /** Some servers leave `[DONE]` out; a reason to stop says as much. */
  end(): ChatAnswer {
    if (!this.#isDone && this.#answer.reason === undefined)
      throw malformed(displayName, "it ends before it says that it is done");
    return this.#answer.end(usageIn(this.#usage));
  }

  #take(chunk: unknown): readonly ChatPiece[] {
    if (isRecord(chunk) && chunk["error"] !== undefined)
      throw toldInside(displayName, "PROVIDER_UNAVAILABLE", wordsOf(chunk).said);
    if (isRecord(chunk) && isRecord(chunk["usage"])) this.#usage = chunk["usage"];
    this.#answer.modelName ??= textAt(chunk, "model");
    const choice = firstChoice(chunk);
    this.#answer.reason = textAt(choice, "finish_reason") ?? this.#answer.reason;
    const delta = isRecord(choice) ? choice["delta"] : undefined;
    this.#answer.calls.takeDeltas(isRecord(delta) ? delta["tool_calls"] : undefined);
    return this.#answer.say(textAt(delta, "content") ?? textAt(delta, "refusal"));
  }
}

function wholeAnswer(body: unknown): ChatAnswer {
  const choice = firstChoice(body);
  const message = isRecord(choice) ? choice["message"] : undefined;
  if (!isRecord(message)) throw malformed(displayName, "there is no message in it");
  const answer = new GatheredAnswer(displayName, finishes);
  answer.calls.takeDeltas(message["tool_calls"]);
  answer.say(textAt(message, "content") ?? textAt(message, "refusal"));
  answer.reason = textAt(choice, "finish_reason");
  answer.modelName = textAt(body, "model");
  return answer.end(usageIn(isRecord(body) ? body["usage"] : undefined));
}

function firstChoice(chunk: unknown): unknown {
  const choices = isRecord(chunk) ? chunk["choices"] : undefined;
  return Array.isArray(choices) ? (choices[0] as unknown) : undefined;
}

function usageIn(told: unknown): ChatUsage | undefined {
  const counts = isRecord(told) ? told : {};
  const details = counts["prompt_tokens_details"];
  const cached = isRecord(details) ? details["cached_tokens"] : undefined;
  return usageOf(counts["prompt_tokens"], counts["completion_tokens"], cached);
}
