import type {
  AnyOperation,
  ChatModel,
  ChatRequest,
  CredentialSource,
  Failure,
  RateLimitReading,
  RequestParts,
  TokenCounter,
  WireResponse,
} from "@colloquy/core/contract";
import { modelAccount } from "./account.js";
import { type ChatReader, type ChatWire, chatOperation } from "./chat-operation.js";
import { isLoopback } from "./urls.js";

export interface CustomModelOptions {
  /** The model is `custom:name`. */
  readonly name: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Below the base URL, beginning with `/`. Always POST. */
  readonly path: string;
  /** Pure: what is sent. */
  encode(request: ChatRequest): RequestParts;
  /** Pure: reads an answer that comes in parts. One reader for each answer. */
  reader(): ChatReader;
  /** Pure: reads the parsed JSON of an answer that came whole. Default: such an answer is malformed to it. */
  whole?: ChatWire["whole"];
  readonly apiKey?: CredentialSource;
  /** The header that carries the key as it is. Default: `Authorization`, after `Bearer `. */
  readonly keyHeader?: string;
  readonly displayName?: string;
  readonly isLocal?: boolean;
  readonly contextTokens?: number;
  tokens?(): Promise<TokenCounter>;
  /** Pure. Default: by status, with the words of `error.message`. */
  readFailure?(response: WireResponse, operation: AnyOperation): Failure | undefined;
  /** Pure. Default: nothing is told. */
  readRateLimits?(response: WireResponse): readonly RateLimitReading[];
}

const environmentVariable = "COLLOQUY_MODEL_API_KEY";

/** Any other model: you say how to write the request and how to read the answer, core does the rest. */
export function customModel(options: CustomModelOptions): ChatModel {
  const { name, baseUrl, path, apiKey, keyHeader, contextTokens, isLocal } = options;
  const { displayName = name } = options;
  const tokens = options.tokens?.bind(options);
  return {
    id: `custom:${name}`,
    type: "custom",
    name,
    isLocal: isLocal ?? isLoopback(baseUrl),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(tokens ? { tokens } : {}),
    account: modelAccount({
      id: "custom",
      displayName,
      baseUrl,
      asOf: "2026-11-21",
      environmentVariable,
      isKeyRequired: apiKey !== undefined,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(keyHeader === undefined ? {} : { header: keyHeader }),
      readFailure: options.readFailure?.bind(options),
      readRateLimits: options.readRateLimits?.bind(options) ?? (() => []),
    }),
    chat: chatOperation({
      displayName,
      path,
      encode: (request) => options.encode(request),
      reader: () => options.reader(),
      whole: (body) => {
        if (options.whole) return options.whole(body);
        const reader = options.reader();
        reader.push(JSON.stringify(body));
        return reader.end();
      },
    }),
  };
}
