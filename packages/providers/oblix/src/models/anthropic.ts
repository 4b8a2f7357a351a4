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
import { isRecord, type JsonRecord, textAt } from "../json.js";
import { modelAccount } from "./account.js";
import { type ChatReader, chatOperation } from "./chat-operation.js";
import { wordsOf } from "./failures.js";
import { GatheredAnswer } from "./gathered-answer.js";
import { jsonBody } from "./json-body.js";
import { malformed, toldInside } from "./malformed.js";
import { requestsPerMinute } from "./rate-limits.js";
import { ServerEvents } from "./server-events.js";
import { usageOf } from "./usage.js";

export interface AnthropicOptions {
  readonly model: string;
  /** The key, or a function that fetches it for each request. */
  readonly apiKey: CredentialSource;
  /** Without `/v1`. Default `https://api.anthropic.com`. */
  readonly baseUrl?: string;
  /** Input and output together. Default 200,000, the least of the present models. */
  readonly contextTokens?: number;
  /** The API wants a bound for every answer. Default 4,096. */
  readonly maxTokens?: number;
}

const displayName = "Anthropic";

/** A model behind Anthropic's Messages API. */
export function anthropic(options: AnthropicOptions): ChatModel {
  const { model, apiKey, baseUrl = "https://api.anthropic.com", contextTokens = 200_000 } = options;
  const { maxTokens: defaultMaxTokens = 4_096 } = options;
  return {
    id: `anthropic:${model}`,
    type: "anthropic",
    name: model,
    isLocal: false,
    contextTokens,
    account: modelAccount({
      id: "anthropic",
      displayName,
      baseUrl,
      asOf: "2026-11-21",
      environmentVariable: "ANTHROPIC_API_KEY",
      isKeyRequired: true,
      header: "x-api-key",
      apiKey,
      readRateLimits: (response) => requestsPerMinute(response, "anthropic-ratelimit-requests-limit"),
    }),
    chat: chatOperation({
      displayName,
      path: "/v1/messages",
      encode: ({ messages, temperature, maxTokens = defaultMaxTokens, stop, tools, extra, stream = true }) => ({
        headers: { "anthropic-version": "2023-06-01" },
        ...jsonBody({
          model,
          max_tokens: maxTokens,
          system: systemOf(messages),
          messages: messages.filter(({ role }) => role !== "system").map(messageOf),
          stream,
          temperature,
          stop_sequences: stop,
          tools: tools?.map(({ name, description, parameters }) => ({
            name,
            ...(description === undefined ? {} : { description }),
            input_schema: parameters,
          })),
          ...extra,
        }),
      }),
      reader: () => new EventReader(),
      whole: (body) => wholeAnswer(body),
    }),
  };
}

function systemOf(messages: readonly ChatMessage[]): string | undefined {
  const texts = messages.filter(({ role }) => role === "system").map(({ content }) => content);
  return texts.length === 0 ? undefined : texts.join("\n\n");
}

/** Calls and their answers are blocks of the content; an answer comes from the user. */
function messageOf({ role, content, toolCalls, toolCallId }: ChatMessage): JsonValue {
  if (role === "tool")
    return { role: "user", content: [{ type: "tool_result", tool_use_id: toolCallId ?? "", content }] };
  if (!toolCalls) return { role, content };
  const text = content === "" ? [] : [{ type: "text", text: content }];
  const calls = toolCalls.map(({ id, name, arguments: input }) => ({ type: "tool_use", id, name, input }));
  return { role, content: [...text, ...calls] };
}

const finishes: Readonly<Record<string, ChatFinish>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "refused",
};

/** `message_start`, blocks that grow, `message_delta` with the reason, `message_stop`. */
class EventReader implements ChatReader {
  readonly #events = new ServerEvents(displayName);
  readonly #answer = new GatheredAnswer(displayName, finishes);
  #counts: JsonRecord = {};
  #isDone = false;

  push(text: string): readonly ChatPiece[] {
    return this.#events.push(text).flatMap((event) => (isRecord(event?.value) ? this.#take(event.value) : []));
  }

  end(): ChatAnswer {
    if (!this.#isDone) throw malformed(displayName, "it ends before it says that it is done");
    return this.#answer.end(usageIn(this.#counts));
  }

  #take(event: JsonRecord): readonly ChatPiece[] {
    const place = typeof event["index"] === "number" ? event["index"] : 0;
    switch (event["type"]) {
      case "message_start":
        this.#begin(event["message"]);
        return [];
      case "content_block_start":
        return this.#beginBlock(place, event["content_block"]);
      case "content_block_delta":
        return this.#grow(place, event["delta"]);
      case "message_delta":
        this.#answer.reason = textAt(event["delta"], "stop_reason") ?? this.#answer.reason;
        this.#count(event["usage"]);
        return [];
      case "message_stop":
        this.#isDone = true;
        return [];
      case "error":
        throw toldInside(displayName, codeOf(event), wordsOf(event).said);
      default:
        // `ping`, and kinds that are yet to come: to be ignored, as the API's rules say.
        return [];
    }
  }

  #begin(message: unknown): void {
    this.#answer.modelName = textAt(message, "model");
    if (isRecord(message)) this.#count(message["usage"]);
  }

  /** Later counts are totals, so they replace. */
  #count(usage: unknown): void {
    if (isRecord(usage)) this.#counts = { ...this.#counts, ...usage };
  }

  #beginBlock(place: number, block: unknown): readonly ChatPiece[] {
    if (textAt(block, "type") === "tool_use")
      this.#answer.calls.begin(place, textAt(block, "id") ?? `call_${place + 1}`, textAt(block, "name") ?? "");
    return this.#answer.say(textAt(block, "text"));
  }

  #grow(place: number, delta: unknown): readonly ChatPiece[] {
    this.#answer.calls.write(place, textAt(delta, "partial_json") ?? "");
    return this.#answer.say(textAt(delta, "text"));
  }
}

function codeOf(event: JsonRecord): "RATE_LIMITED" | "PROVIDER_UNAVAILABLE" {
  return textAt(event["error"], "type") === "rate_limit_error" ? "RATE_LIMITED" : "PROVIDER_UNAVAILABLE";
}

function wholeAnswer(body: unknown): ChatAnswer {
  const content = isRecord(body) ? body["content"] : undefined;
  if (!isRecord(body) || !Array.isArray(content)) throw malformed(displayName, "there is no content in it");
  const answer = new GatheredAnswer(displayName, finishes);
  for (const [place, block] of (content as unknown[]).entries()) {
    answer.say(textAt(block, "text"));
    if (!isRecord(block) || block["type"] !== "tool_use") continue;
    answer.calls.begin(place, textAt(block, "id") ?? `call_${place + 1}`, textAt(block, "name") ?? "");
    answer.calls.write(place, JSON.stringify(block["input"] ?? {}));
  }
  answer.reason = textAt(body, "stop_reason");
  answer.modelName = textAt(body, "model");
  return answer.end(usageIn(isRecord(body["usage"]) ? body["usage"] : {}));
}

function usageIn(counts: JsonRecord): ChatUsage | undefined {
  return usageOf(counts["input_tokens"], counts["output_tokens"], counts["cache_read_input_tokens"]);
}
