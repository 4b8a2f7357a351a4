import type { Reply } from "../../http/reply.js";
import type { ServiceRequest } from "../../http/service.js";
import type { Answer, Prompt, PromptMessage } from "../conversation.js";
import { type Fields, isFields, streamReply, stringsOf, textOf } from "../json.js";
import { refusalOf } from "../refusals.js";
import { say, sayAtOnce, takeCall, think } from "../speaking.js";
import { type Call, dialsAt, type ModelsState } from "../state.js";
import { promptTokenCount } from "../tokens.js";
import { isOnDisk } from "./disk.js";
import { goTime, ndjson, ollamaError, ollamaReply } from "./wire.js";

/** The length of the window unless `num_ctx` says otherwise. */
const defaultContextTokens = 4_096;

const roles = ["system", "user", "assistant", "tool"];

/**
 * `POST /api/chat`. As in Ollama, settings count only within `options`: elsewhere they are not looked at. A prompt that is
 * longer than the window loses its oldest messages without a word.
 */
export async function chat(state: ModelsState, fields: Fields, request: ServiceRequest): Promise<Reply> {
  const { model } = fields;
  if (typeof model !== "string" || model === "") return ollamaError(400, "model is required");
  if (!isOnDisk(state, model)) return ollamaError(404, `model '${model}' not found`);
  const messages = messagesOf(fields["messages"]);
  if (typeof messages === "string") return ollamaError(400, messages);
  const refused = refusalOf(state, "ollama");
  if (refused === "throttled") return throttled(state);
  if (refused !== undefined)
    return ollamaError(503, "server busy, please try again.  maximum pending requests exceeded");
  if (messages.length === 0) return ollamaReply(200, { ...line(state, model, ""), done_reason: "load", done: true });
  const options = isFields(fields["options"]) ? fields["options"] : {};
  const prompt: Prompt = {
    api: "ollama",
    model,
    messages: withinWindow(messages, positive(options["num_ctx"]) ?? defaultContextTokens),
    maxTokens: positive(options["num_predict"]),
    stopSequences: stringsOf(options["stop"]),
    isStreamed: fields["stream"] !== false,
  };
  const call = takeCall(state, prompt, request.signal);
  const answer = await think(state, call);
  if (prompt.isStreamed) return streamReply("application/x-ndjson", say(state, call, answer, wireOf(state, call)), {});
  await sayAtOnce(state, call, answer);
  return ollamaReply(200, { ...line(state, model, call.text), ...ending(state, call, answer) });
}

/** Ollama itself has no limits; a gateway before it may. */
function throttled(state: ModelsState): Reply {
  const reply = ollamaError(429, "too many requests");
  return {
    ...reply,
    headers: { ...reply.headers, "Retry-After": String(dialsAt(state, "ollama").retryAfterSeconds) },
  };
}

function messagesOf(given: unknown): PromptMessage[] | string {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) return "json: cannot unmarshal into Go struct field ChatRequest.messages";
  const messages: PromptMessage[] = [];
  for (const one of given) {
    const role = isFields(one) ? one["role"] : undefined;
    if (!roles.some((known) => known === role))
      return `invalid role: ${String(role)}, must be one of [${roles.join(" ")}]`;
    messages.push({ role: role as PromptMessage["role"], text: textOf((one as Fields)["content"]) });
  }
  return messages;
}

/** System messages and the last message stay; of the others the oldest go first. */
function withinWindow(messages: readonly PromptMessage[], contextTokens: number): PromptMessage[] {
  const kept = [...messages];
  while (promptTokenCount(kept) > contextTokens) {
    const oldest = kept.findIndex(({ role }, index) => role !== "system" && index < kept.length - 1);
    if (oldest < 0) break;
    kept.splice(oldest, 1);
  }
  return kept;
}

const positive = (value: unknown): number | undefined =>
  typeof value === "number" && value > 0 ? Math.floor(value) : undefined;

function wireOf(state: ModelsState, call: Call): Parameters<typeof say>[3] {
  const { model } = call.prompt;
  return {
    opening: [],
    token: (text) => ndjson({ ...line(state, model, text), done: false }),
    closing: (answer) => [ndjson({ ...line(state, model, ""), ...ending(state, call, answer) })],
    error: ndjson({ error: "an error was encountered while running the model: unexpected EOF" }),
  };
}

function line({ clock }: ModelsState, model: string, content: string): Fields {
  return { model, created_at: goTime(clock.now()), message: { role: "assistant", content } };
}

const nanoseconds = 1_000_000;

/** The last line. Durations are nanoseconds; loading takes none here. */
function ending(state: ModelsState, { startedAtMs }: Call, answer: Answer): Fields {
  const done = { done_reason: answer.ending === "length" ? "length" : "stop", done: true };
  if (dialsAt(state, "ollama").usage === "left_out") return done;
  const totalNs = (state.clock.now() - startedAtMs) * nanoseconds;
  return {
    ...done,
    total_duration: totalNs,
    load_duration: 0,
    prompt_eval_count: answer.inputTokens,
    prompt_eval_duration: 0,
    eval_count: answer.tokens.length,
    eval_duration: totalNs,
  };
}
