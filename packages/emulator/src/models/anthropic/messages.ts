import { Refused, type Reply } from "../../http/reply.js";
import type { ServiceRequest } from "../../http/service.js";
import type { Answer, Prompt } from "../conversation.js";
import { type Fields, jsonReply, streamReply } from "../json.js";
import { takeTurn } from "../limits.js";
import { refusalOf } from "../refusals.js";
import { type StreamWire, say, sayAtOnce, takeCall, think } from "../speaking.js";
import { type Call, dialsAt, type ModelsState } from "../state.js";
import { promptTokenCount } from "../tokens.js";
import { anthropicError, errorBody } from "./errors.js";
import { limitHeaders } from "./headers.js";
import { readPrompt } from "./validation.js";

/** `POST /v1/messages`. */
export async function send(state: ModelsState, fields: Fields, request: ServiceRequest): Promise<Reply> {
  const prompt = readPrompt(fields);
  if (!state.anthropicModels.includes(prompt.model)) return anthropicError("not_found_error", `model: ${prompt.model}`);
  const headers = admit(state, prompt);
  const call = takeCall(state, prompt, request.signal);
  const answer = await think(state, call);
  const tellsUsage = dialsAt(state, "anthropic").usage === "told";
  if (prompt.isStreamed) {
    const wire = wireOf(call, answer, tellsUsage);
    return streamReply("text/event-stream; charset=utf-8", say(state, call, answer, wire), headers);
  }
  await sayAtOnce(state, call, answer);
  const usage = tellsUsage ? { usage: usageOf(answer, answer.tokens.length) } : {};
  const content = [{ type: "text", text: call.text }];
  return jsonReply(200, { ...messageOf(call), content, ...stopOf(answer), ...usage }, headers);
}

/** What the weather, the window and the limits say to a prompt: the headers to tell, or `Refused`. */
function admit(state: ModelsState, prompt: Prompt): Record<string, string> {
  const { retryAfterSeconds, contextTokens } = dialsAt(state, "anthropic");
  const refused = refusalOf(state, "anthropic");
  if (refused === "overloaded") throw new Refused(anthropicError("overloaded_error", "Overloaded"));
  if (refused === "quota")
    throw new Refused(
      anthropicError("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
    );
  const tokens = promptTokenCount(prompt.messages);
  if (tokens > contextTokens)
    throw new Refused(
      anthropicError("invalid_request_error", `prompt is too long: ${tokens} tokens > ${contextTokens} maximum`),
    );
  if (refused === "throttled") throw new Refused(throttled(retryAfterSeconds, {}));
  const readings = takeTurn(state, "anthropic", tokens);
  const headers = limitHeaders(readings, state.clock.now());
  if (readings.short === undefined) return headers;
  state.throttled += 1;
  throw new Refused(throttled(Math.ceil(readings.short.inMs / 1_000), headers));
}

function throttled(seconds: number, headers: Record<string, string>): Reply {
  const message = "This request would exceed your organization's rate limit. Please try again later.";
  return anthropicError("rate_limit_error", message, { ...headers, "retry-after": String(seconds) });
}

const messageOf = ({ id, prompt }: Call): Fields => ({
  id: `msg_${id}`,
  type: "message",
  role: "assistant",
  model: prompt.model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
});

const stopReasons = { stop: "end_turn", length: "max_tokens", stop_sequence: "stop_sequence" } as const;

const stopOf = ({ ending, stopSequence }: Answer): Fields => ({
  stop_reason: stopReasons[ending],
  stop_sequence: stopSequence,
});

const usageOf = ({ inputTokens }: Answer, outputTokens: number): Fields => ({
  input_tokens: inputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: outputTokens,
});

/** An event is named twice: in its line and in its data. */
const event = (type: string, fields: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

function wireOf(call: Call, answer: Answer, tellsUsage: boolean): StreamWire {
  const message = { ...messageOf(call), ...(tellsUsage ? { usage: usageOf(answer, 1) } : {}) };
  return {
    opening: [
      event("message_start", { message }),
      event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      event("ping"),
    ],
    token: (text) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
    closing: () => [
      event("content_block_stop", { index: 0 }),
      event("message_delta", {
        delta: stopOf(answer),
        ...(tellsUsage ? { usage: { output_tokens: answer.tokens.length } } : {}),
      }),
      event("message_stop"),
    ],
    error: `event: error\ndata: ${JSON.stringify(errorBody("overloaded_error", "Overloaded"))}\n\n`,
  };
}
