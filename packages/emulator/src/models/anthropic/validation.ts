import { Refused } from "../../http/reply.js";
import type { Prompt, PromptMessage } from "../conversation.js";
import { type Fields, isFields, stringsOf, textOf } from "../json.js";
import { anthropicError } from "./errors.js";

const known = new Set(
  (
    "model max_tokens messages system metadata stop_sequences stream temperature top_k top_p tools tool_choice thinking " +
    "service_tier container context_management mcp_servers"
  ).split(" "),
);

/** The prompt of a request. Throws `Refused` with the endpoint's own words for one that makes no sense. */
export function readPrompt(fields: Fields): Prompt {
  const { model, max_tokens: maxTokens, messages, temperature, system } = fields;
  for (const name of ["model", "max_tokens", "messages"])
    if (fields[name] === undefined) refuse(`${name}: Field required`);
  const unknown = Object.keys(fields).find((name) => !known.has(name));
  if (unknown !== undefined) refuse(`${unknown}: Extra inputs are not permitted`);
  if (typeof model !== "string") return refuse("model: Input should be a valid string");
  if (typeof maxTokens !== "number" || !Number.isInteger(maxTokens) || maxTokens < 1)
    return refuse("max_tokens: Input should be greater than or equal to 1");
  if (temperature !== undefined && !(typeof temperature === "number" && temperature >= 0 && temperature <= 1))
    refuse("temperature: range: 0..1");
  if (!Array.isArray(messages)) return refuse("messages: Input should be a valid list");
  if (messages.length === 0) refuse("messages: at least one message is required");
  const told: PromptMessage[] = system === undefined ? [] : [{ role: "system", text: textOf(system) }];
  return {
    api: "anthropic",
    model,
    messages: [...told, ...readMessages(messages)],
    maxTokens,
    stopSequences: stringsOf(fields["stop_sequences"]),
    isStreamed: fields["stream"] === true,
  };
}

function readMessages(given: readonly unknown[]): PromptMessage[] {
  let calledBefore = new Set<unknown>();
  return given.map((one, index) => {
    const { role, content } = isFields(one) ? one : {};
    if (role === "system")
      refuse(
        'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
      );
    if (role !== "user" && role !== "assistant")
      return refuse(`messages.${index}.role: Input should be 'user' or 'assistant'`);
    if (index === 0 && role !== "user") refuse('messages: first message must use the "user" role');
    if (typeof content !== "string" && !Array.isArray(content)) refuse(`messages.${index}.content: Field required`);
    const blocks = Array.isArray(content) ? content.filter(isFields) : [];
    const isLastAnswer = role === "assistant" && index === given.length - 1;
    if (content === "" || (Array.isArray(content) && content.length === 0)) {
      if (!isLastAnswer)
        refuse(
          `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
        );
    }
    if (blocks.some(({ type, text }) => type === "text" && text === ""))
      refuse("messages: text content blocks must be non-empty");
    const results = blocks.filter(({ type }) => type === "tool_result");
    const stray = results.find(({ tool_use_id: id }) => !calledBefore.has(id));
    if (stray !== undefined)
      refuse(
        `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(stray["tool_use_id"])}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    calledBefore = new Set(blocks.filter(({ type }) => type === "tool_use").map(({ id }) => id));
    if (results.length === 0) return { role, text: textOf(content) };
    return { role: "tool", text: results.map((result) => textOf(result["content"])).join("\n") };
  });
}

function refuse(message: string): never {
  throw new Refused(anthropicError("invalid_request_error", message));
}
