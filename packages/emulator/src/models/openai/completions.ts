import { Refused, type Reply } from "../../http/reply.js";
import type { ServiceRequest } from "../../http/service.js";
import type { Answer, Prompt } from "../conversation.js";
import { type Fields, isFields, jsonReply, streamReply } from "../json.js";
import { type LimitReadings, takeTurn } from "../limits.js";
import { refusalOf } from "../refusals.js";
import { type StreamWire, say, sayAtOnce, takeCall, think } from "../speaking.js";
import { type Call, dialsAt, type ModelsState } from "../state.js";
import { promptTokenCount } from "../tokens.js";
import { errorBody, openaiError, unknownModel } from "./errors.js";
import { duration, limitHeaders } from "./headers.js";
import { readPrompt } from "./validation.js";

/** `POST /v1/chat/completions`. */
export async function complete(state: ModelsState, fields: Fields, request: ServiceRequest): Promise<Reply> {
  const prompt = readPrompt(fields);
  if (!state.openaiModels.includes(prompt.model)) return unknownModel(prompt.model);
  const readings = admit(state, prompt);
  const call = takeCall(state, prompt, request.signal);
  const answer = await think(state, call);
  const headers = limitHeaders(readings);
  const options = isFields(fields["stream_options"]) ? fields["stream_options"] : {};
  const createdAtSeconds = Math.floor(state.clock.now() / 1_000);
  if (prompt.isStreamed) {
    const tellsUsage = options["include_usage"] === true && dialsAt(state, "openai").usage === "told";
    const wire = wireOf(call, createdAtSeconds, tellsUsage);
    return streamReply("text/event-stream; charset=utf-8", say(state, call, answer, wire), headers);
  }
  await sayAtOnce(state, call, answer);
  const message = { role: "assistant", content: call.text, refusal: null, annotations: [] };
  const choice = { index: 0, message, logprobs: null, finish_reason: finishReason(answer) };
  const usage = dialsAt(state, "openai").usage === "told" ? { usage: usageOf(answer) } : {};
  const body = { ...frame(call, "chat.completion", createdAtSeconds), choices: [choice], ...usage };
  return jsonReply(200, body, headers);
}

/** What the weather, the limits and the window say to a prompt. Throws `Refused`. */
function admit(state: ModelsState, prompt: Prompt): LimitReadings {
  const { retryAfterSeconds, contextTokens } = dialsAt(state, "openai");
  const refused = refusalOf(state, "openai");
  if (refused === "overloaded")
    throw new Refused(
      openaiError(503, "The engine is currently overloaded, please try again later", { type: "server_error" }),
    );
  if (refused === "quota")
    throw new Refused(
      openaiError(429, "You exceeded your current quota, please check your plan and billing details.", {
        type: "insufficient_quota",
        code: "insufficient_quota",
      }),
    );
  const tokens = promptTokenCount(prompt.messages);
  if (tokens > contextTokens)
    throw new Refused(
      openaiError(
        400,
        `This model's maximum context length is ${contextTokens} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
        { param: "messages", code: "context_length_exceeded" },
      ),
    );
  if (refused === "throttled") throw new Refused(throttled(prompt, "requests", retryAfterSeconds * 1_000, {}));
  const readings = takeTurn(state, "openai", tokens + (prompt.maxTokens ?? 0));
  const { short } = readings;
  if (short === undefined) return readings;
  state.throttled += 1;
  throw new Refused(throttled(prompt, short.what, short.inMs, limitHeaders(readings)));
}

function throttled(
  { model }: Prompt,
  what: "requests" | "tokens",
  inMs: number,
  headers: Record<string, string>,
): Reply {
  const per = what === "requests" ? "requests per min (RPM)" : "tokens per min (TPM)";
  const message = `Rate limit reached for ${model} on ${per}. Please try again in ${duration(inMs)}.`;
  const reply = openaiError(429, message, { type: what, code: "rate_limit_exceeded" });
  const waiting = { "retry-after-ms": String(inMs), "retry-after": String(Math.ceil(inMs / 1_000)) };
  return { ...reply, headers: { ...reply.headers, ...headers, ...waiting } };
}

const finishReason = ({ ending }: Answer): string => (ending === "length" ? "length" : "stop");

function usageOf({ inputTokens, tokens }: Answer): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: tokens.length,
    total_tokens: inputTokens + tokens.length,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function frame({ id, prompt }: Call, object: string, created: number): Fields {
  return {
    id: `chatcmpl-${id}`,
    object,
    created,
    model: prompt.model,
    service_tier: "default",
    system_fingerprint: "fp_emulated",
  };
}

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

function wireOf(call: Call, created: number, tellsUsage: boolean): StreamWire {
  const start = frame(call, "chat.completion.chunk", created);
  const chunk = (delta: object, reason: string | null = null): string => {
    const choice = { index: 0, delta, logprobs: null, finish_reason: reason };
    return event({ ...start, choices: [choice], ...(tellsUsage ? { usage: null } : {}) });
  };
  return {
    opening: [chunk({ role: "assistant", content: "", refusal: null })],
    token: (text) => chunk({ content: text }),
    closing: (answer) => [
      chunk({}, finishReason(answer)),
      ...(tellsUsage ? [event({ ...start, choices: [], usage: usageOf(answer) })] : []),
      "data: [DONE]\n\n",
    ],
    error: event(
      errorBody("The server had an error while processing your request. Sorry about that!", { type: "server_error" }),
    ),
  };
}
