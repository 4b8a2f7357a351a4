import type {
  ChatAnswer,
  ChatFinish,
  ChatMessage,
  ChatModel,
  CredentialSource,
  JsonValue,
} from "@colloquy/core/contract";
import { isRecord, type JsonRecord, textAt, withoutUndefined } from "../json.js";
import { modelAccount } from "./account.js";
import { type ChatReader, chatOperation } from "./chat-operation.js";
import { failureOf, wordsOf } from "./failures.js";
import { malformed, toldInside } from "./malformed.js";
import { requestsPerMinute } from "./rate-limits.js";
import { ServerEvents } from "./server-events.js";
import { GatheredCalls } from "./tool-calls.js";
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
      readFailure: (response) =>
        failureOf(response, { environmentVariable: "ANTHROPIC_API_KEY", ...wordsOf(response.body) }),
      readRateLimits: (response) => requestsPerMinute(response, "anthropic-ratelimit-requests-limit"),
    }),
    chat: chatOperation({
      displayName,
      path: "/v1/messages",
      encode: ({ messages, temperature, maxTokens = defaultMaxTokens, stop, tools, extra, stream = true }) => ({
        headers: { "anthropic-version": "2023-06-01" },
        body: {
          kind: "json",
          value: withoutUndefined<{ [key: string]: JsonValue | undefined }>({
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
          }) as JsonValue,
        },
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
  readonly #calls = new GatheredCalls();
  #text = "";
  #message: JsonRecord = {};
  #counts: JsonRecord = {};
  #reason: string | undefined;
  #isDone = false;

  push(text: string): readonly { readonly text: string }[] {
    return this.#events.push(text).flatMap((event) => (isRecord(event?.value) ? this.#take(event.value) : []));
  }

  end(): ChatAnswer {
    if (!this.#isDone) throw malformed(displayName, "it ends before it says that it is done");
    return answerOf(this.#text, this.#reason, this.#calls, this.#counts, textAt(this.#message, "model"));
  }

  #take(event: JsonRecord): readonly { readonly text: string }[] {
    const place = typeof event["index"] === "number" ? event["index"] : 0;
    switch (event["type"]) {
      case "message_start":
        this.#message = isRecord(event["message"]) ? event["message"] : {};
        this.#count(this.#message["usage"]);
        return [];
      case "content_block_start":
        return this.#begin(place, event["content_block"]);
      case "content_block_delta":
        return this.#grow(place, event["delta"]);
      case "message_delta":
        this.#reason = textAt(event["delta"], "stop_reason") ?? this.#reason;
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

  /** Later counts are totals, so they replace. */
  #count(usage: unknown): void {
    if (isRecord(usage)) this.#counts = { ...this.#counts, ...usage };
  }

  #begin(place: number, block: unknown): readonly { readonly text: string }[] {
    if (textAt(block, "type") === "tool_use")
      this.#calls.begin(place, textAt(block, "id") ?? `call_${place + 1}`, textAt(block, "name") ?? "");
    return this.#said(textAt(block, "text"));
  }

  #grow(place: number, delta: unknown): readonly { readonly text: string }[] {
    this.#calls.write(place, textAt(delta, "partial_json") ?? "");
    return this.#said(textAt(delta, "text"));
  }

  #said(text: string | undefined): readonly { readonly text: string }[] {
    if (text === undefined) return [];
    this.#text += text;
    return [{ text }];
  }
}

function codeOf(event: JsonRecord): "RATE_LIMITED" | "PROVIDER_UNAVAILABLE" {
  return textAt(event["error"], "type") === "rate_limit_error" ? "RATE_LIMITED" : "PROVIDER_UNAVAILABLE";
}

function wholeAnswer(body: unknown): ChatAnswer {
  const content = isRecord(body) ? body["content"] : undefined;
  if (!isRecord(body) || !Array.isArray(content)) throw malformed(displayName, "there is no content in it");
  const calls = new GatheredCalls();
  let text = "";
  for (const [place, block] of (content as unknown[]).entries()) {
    text += textAt(block, "text") ?? "";
    if (!isRecord(block) || block["type"] !== "tool_use") continue;
    calls.begin(place, textAt(block, "id") ?? `call_${place + 1}`, textAt(block, "name") ?? "");
    calls.write(place, JSON.stringify(block["input"] ?? {}));
  }
  const counts = isRecord(body["usage"]) ? body["usage"] : {};
  return answerOf(text, textAt(body, "stop_reason"), calls, counts, textAt(body, "model"));
}

function answerOf(
  text: string,
  reason: string | undefined,
  gathered: GatheredCalls,
  counts: JsonRecord,
  modelName: string | undefined,
): ChatAnswer {
  const toolCalls = gathered.all(displayName);
  const usage = usageOf(counts["input_tokens"], counts["output_tokens"], counts["cache_read_input_tokens"]);
  const known = reason !== undefined && Object.hasOwn(finishes, reason) ? finishes[reason] : undefined;
  return {
    text,
    finish: known ?? "other",
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
    ...(reason === undefined ? {} : { finishWord: reason }),
    ...(usage ? { usage } : {}),
    ...(modelName === undefined ? {} : { modelName }),
  };
}
