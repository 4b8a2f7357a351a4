import { Refused } from "../../http/reply.js";
import type { Prompt, PromptMessage } from "../conversation.js";
import { type Fields, isFields, stringsOf, textOf } from "../json.js";
import { openaiError } from "./errors.js";

const known = new Set(
  (
    "model messages stream stream_options temperature top_p n stop max_tokens max_completion_tokens presence_penalty " +
    "frequency_penalty logit_bias logprobs top_logprobs user seed tools tool_choice parallel_tool_calls response_format " +
    "service_tier store metadata reasoning_effort modalities prediction verbosity safety_identifier prompt_cache_key"
  ).split(" "),
);

const roles: Readonly<Record<string, PromptMessage["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool",
  function: "tool",
};

/** The prompt of a request. Throws `Refused` with the endpoint's own words for one that makes no sense. */
export function readPrompt(fields: Fields): Prompt {
  const { model, messages, temperature, stop, n } = fields;
  const unknown = Object.keys(fields).find((name) => !known.has(name));
  if (unknown !== undefined) refuse(`Unrecognized request argument supplied: ${unknown}`);
  if (typeof model !== "string" || model === "") return refuse("you must provide a model parameter");
  if (!Array.isArray(messages))
    return refuse("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
  if (messages.length === 0)
    refuse(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      "messages",
      "empty_array",
    );
  if (
    temperature !== undefined &&
    temperature !== null &&
    !(typeof temperature === "number" && temperature >= 0 && temperature <= 2)
  )
    refuse(
      `Invalid 'temperature': expected a number between 0 and 2, but got ${JSON.stringify(temperature)} instead.`,
      "temperature",
      "invalid_value",
    );
  if (stringsOf(stop).length > 4)
    refuse(
      "Invalid 'stop': array too long. Expected an array with maximum length 4.",
      "stop",
      "array_above_max_length",
    );
  if (n !== undefined && n !== null && n !== 1)
    refuse("This emulator gives one choice: 'n' must be 1.", "n", "invalid_value");
  return {
    api: "openai",
    model,
    messages: readMessages(messages),
    maxTokens: limitOf(fields, "max_completion_tokens") ?? limitOf(fields, "max_tokens"),
    stopSequences: stringsOf(stop),
    isStreamed: fields["stream"] === true,
  };
}

function readMessages(given: readonly unknown[]): PromptMessage[] {
  const called = new Set<unknown>();
  return given.map((one, index) => {
    const message = isFields(one) ? one : {};
    const role = typeof message["role"] === "string" ? roles[message["role"]] : undefined;
    if (role === undefined) {
      const wanted = Object.keys(roles)
        .map((name) => `'${name}'`)
        .join(", ");
      return refuse(
        `Invalid value: '${String(message["role"])}'. Supported values are: ${wanted}.`,
        `messages[${index}].role`,
        "invalid_value",
      );
    }
    const calls = Array.isArray(message["tool_calls"]) ? message["tool_calls"].filter(isFields) : [];
    for (const { id } of calls) called.add(id);
    if (message["role"] === "tool" && !called.has(message["tool_call_id"]))
      refuse(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        `messages.[${index}].role`,
      );
    if (typeof message["content"] !== "string" && !Array.isArray(message["content"]) && calls.length === 0)
      refuse(
        `Invalid value for 'content': expected a string, got ${message["content"] === undefined ? "nothing" : "null"}.`,
        `messages.[${index}].content`,
      );
    return { role, text: textOf(message["content"]) };
  });
}

function limitOf(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
  return refuse(
    `Invalid '${name}': integer below minimum value. Expected a value >= 1, but got ${JSON.stringify(value)} instead.`,
    name,
    "integer_below_min_value",
  );
}

function refuse(message: string, param: string | null = null, code: string | null = null): never {
  throw new Refused(openaiError(400, message, { param, code }));
}
