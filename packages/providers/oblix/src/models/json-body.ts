import type { ChatRequest, JsonValue, RequestParts } from "@colloquy/core/contract";
import { type JsonRecord, withoutUndefined } from "../json.js";

/** A body of the fields that are set. */
export function jsonBody(fields: {
  readonly [key: string]: JsonValue | undefined;
}): Required<Pick<RequestParts, "body">> {
  return { body: { kind: "json", value: withoutUndefined<typeof fields>(fields) as JsonValue } };
}

/** Tools as OpenAI and Ollama take them. */
export function functionTools(tools: ChatRequest["tools"]): JsonValue | undefined {
  return tools?.map((tool) => ({ type: "function", function: { ...tool } as JsonRecord as JsonValue }));
}
