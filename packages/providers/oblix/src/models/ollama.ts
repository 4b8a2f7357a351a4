import type {
  ChatAnswer,
  ChatMessage,
  ChatModel,
  ChatToolCall,
  CredentialSource,
  JsonValue,
} from "@colloquy/core/contract";
import { isRecord, type JsonRecord, textAt } from "../json.js";
import { modelAccount } from "./account.js";
import { type ChatReader, chatOperation } from "./chat-operation.js";
import { wordsOf } from "./failures.js";
import { functionTools, jsonBody } from "./json-body.js";
import { JsonLines } from "./lines.js";
import { malformed, toldInside } from "./malformed.js";
import { isLoopback } from "./urls.js";
import { usageOf } from "./usage.js";

export interface OllamaOptions {
  /** As `ollama list` shows it; without a tag its `latest` is meant. */
  readonly model: string;
  /** Default `http://localhost:11434`. */
  readonly endpoint?: string;
  /** For a gateway that asks for one. Default: none is sent. */
  readonly apiKey?: CredentialSource;
  /** The window that the model is run with (`num_ctx`). Default: the server's own, and 4,096 for our counting. */
  readonly contextTokens?: number;
  /** Default: whether the endpoint is this machine. */
  readonly isLocal?: boolean;
}

const displayName = "Ollama";
/** What the server runs models with unless it is told otherwise. */
const defaultContextTokens = 4_096;

/** A model that an Ollama server runs. */
export function ollama({
  model,
  endpoint = "http://localhost:11434",
  apiKey,
  contextTokens,
  isLocal,
}: OllamaOptions): ChatModel {
  const account = modelAccount({
    id: "ollama",
    displayName,
    baseUrl: endpoint,
    asOf: "2026-11-21",
    environmentVariable: "OLLAMA_API_KEY",
    isKeyRequired: false,
    ...(apiKey === undefined ? {} : { apiKey }),
    readRateLimits: () => [],
  });
  return {
    id: `ollama:${model}`,
    type: "ollama",
    name: model,
    isLocal: isLocal ?? isLoopback(endpoint),
    contextTokens: contextTokens ?? defaultContextTokens,
    account,
    chat: chatOperation({
      displayName,
      path: "/api/chat",
      encode: ({ messages, temperature, maxTokens, stop, tools, extra, stream = true }) =>
        jsonBody({
          model,
          messages: messages.map(messageOf),
          stream,
          // Settings are read here and nowhere else.
          options: settingsOf({ temperature, num_predict: maxTokens, stop, num_ctx: contextTokens }),
          tools: functionTools(tools),
          ...extra,
        }),
      reader: () => new LineReader(),
      whole: (body) => {
        const answer = new LineReader();
        answer.take(isRecord(body) ? body : {});
        return answer.end();
      },
    }),
  };
}

function settingsOf(settings: Readonly<Record<string, unknown>>): JsonValue | undefined {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as JsonValue);
}

function messageOf({ role, content, toolCalls, name }: ChatMessage): JsonValue {
  return {
    role,
    content,
    ...(toolCalls
      ? { tool_calls: toolCalls.map((call) => ({ function: { name: call.name, arguments: call.arguments } })) }
      : {}),
    ...(role === "tool" && name !== undefined ? { tool_name: name } : {}),
  };
}

/** One JSON object a line; the last one says `done`. */
class LineReader implements ChatReader {
  readonly #lines = new JsonLines(displayName);
  readonly #toolCalls: ChatToolCall[] = [];
  #text = "";
  #last: JsonRecord | undefined;

  push(text: string): readonly { readonly text: string }[] {
    return this.#lines.push(text).flatMap((line) => this.take(line));
  }

  end(): ChatAnswer {
    for (const line of this.#lines.end()) this.take(line);
    const last = this.#last;
    if (!last) throw malformed(displayName, "it ends before it says that it is done");
    const reason = textAt(last, "done_reason");
    const modelName = textAt(last, "model");
    const usage = usageOf(last["prompt_eval_count"], last["eval_count"]);
    return {
      text: this.#text,
      finish:
        this.#toolCalls.length > 0
          ? "tool_calls"
          : reason === "length"
            ? "length"
            : reason === "stop"
              ? "stop"
              : "other",
      ...(this.#toolCalls.length > 0 ? { toolCalls: this.#toolCalls } : {}),
      ...(reason === undefined ? {} : { finishWord: reason }),
      ...(usage ? { usage } : {}),
      ...(modelName === undefined ? {} : { modelName }),
    };
  }

  take(line: JsonRecord): readonly { readonly text: string }[] {
    const error = line["error"];
    if (error !== undefined) throw toldInside(displayName, "PROVIDER_UNAVAILABLE", wordsOf(line).said);
    const message = line["message"];
    const calls = isRecord(message) ? message["tool_calls"] : undefined;
    if (Array.isArray(calls)) for (const call of calls as unknown[]) this.#takeCall(call);
    if (line["done"] === true) this.#last = line;
    const text = textAt(message, "content");
    if (text === undefined) return [];
    this.#text += text;
    return [{ text }];
  }

  /** It gives its calls no ids, so they get their place for one. */
  #takeCall(call: unknown): void {
    const named = isRecord(call) ? call["function"] : undefined;
    const name = textAt(named, "name");
    if (name === undefined || !isRecord(named)) return;
    const id = textAt(call, "id") ?? `call_${this.#toolCalls.length + 1}`;
    this.#toolCalls.push({ id, name, arguments: (named["arguments"] ?? {}) as JsonValue });
  }
}
