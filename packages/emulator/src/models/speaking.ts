import { ConnectionLost } from "../http/reply.js";
import { boundedAnswer } from "./answering.js";
import type { Answer, Prompt } from "./conversation.js";
import { replyTo } from "./mind.js";
import { type Call, dialsAt, type ModelsState } from "./state.js";

/** Notes a prompt that was taken. A client that goes away in between abandons it. */
export function takeCall(state: ModelsState, prompt: Prompt, signal: AbortSignal): Call {
  const call: Call = {
    id: state.random.hex(24),
    prompt,
    startedAtMs: state.clock.now(),
    text: "",
    outputTokens: 0,
    outcome: "under_way",
  };
  state.calls.push(call);
  signal.addEventListener("abort", () => {
    if (call.outcome === "under_way") call.outcome = "abandoned";
    for (const pending of state.pending) if (pending.call === call) state.pending.delete(pending);
  });
  return call;
}

/** What the model, or a person in its place, says. */
export async function think(state: ModelsState, call: Call): Promise<Answer> {
  const { answeredBy } = dialsAt(state, call.prompt.api);
  if (answeredBy === "model") return boundedAnswer(call.prompt, replyTo(call.prompt.messages));
  const said = await new Promise<string>((resolve) => state.pending.add({ call, resolve }));
  return boundedAnswer(call.prompt, said);
}

/** A person's answer to a prompt that waits. Throws when none does. */
export function answerPending(state: ModelsState, id: string, text: string): void {
  const found = [...state.pending].find(({ call }) => call.id === id);
  if (found === undefined) throw new Error(`No prompt ${id} waits for an answer.`);
  state.pending.delete(found);
  found.resolve(text);
}

/** Waits as long as the whole answer takes. */
export async function sayAtOnce(state: ModelsState, call: Call, answer: Answer): Promise<void> {
  const { firstTokenMs, tokenMs } = dialsAt(state, call.prompt.api);
  await state.timers.wait(firstTokenMs + answer.tokens.length * tokenMs);
  call.text = answer.tokens.join("");
  call.outputTokens = answer.tokens.length;
  if (call.outcome === "under_way") call.outcome = "complete";
}

/** How an API writes a stream. Each string is one line or event, whole. */
export interface StreamWire {
  readonly opening: readonly string[];
  token(text: string): string;
  closing(answer: Answer): readonly string[];
  readonly error: string;
}

/** The stream of an answer, token by token, broken where the weather says so. */
export async function* say(state: ModelsState, call: Call, answer: Answer, wire: StreamWire): AsyncGenerator<string> {
  const { garbledLine, firstTokenMs } = dialsAt(state, call.prompt.api);
  let lines = 0;
  const sent = (line: string): string => {
    lines += 1;
    return lines === garbledLine ? garbled(line) : line;
  };
  for (const line of wire.opening) yield sent(line);
  await state.timers.wait(firstTokenMs);
  for (const token of answer.tokens) {
    if (isCutNow(state, call)) return yield* breakOff(state, call, wire);
    await state.timers.wait(dialsAt(state, call.prompt.api).tokenMs);
    if (call.outcome !== "under_way") return undefined;
    call.text += token;
    call.outputTokens += 1;
    yield sent(wire.token(token));
  }
  if (isCutNow(state, call)) return yield* breakOff(state, call, wire);
  for (const line of wire.closing(answer)) yield sent(line);
  if (call.outcome === "under_way") call.outcome = "complete";
  return undefined;
}

function isCutNow(state: ModelsState, call: Call): boolean {
  const dials = dialsAt(state, call.prompt.api);
  if (dials.cutAfterTokens !== call.outputTokens || dials.cuts === 0) return false;
  if (dials.cuts !== null) state.weather.dials.cuts = dials.cuts - 1;
  return true;
}

async function* breakOff(state: ModelsState, call: Call, wire: StreamWire): AsyncGenerator<string> {
  const { cutAs } = dialsAt(state, call.prompt.api);
  call.outcome = "cut";
  if (cutAs === "error") yield wire.error;
  if (cutAs === "reset") throw new ConnectionLost();
  if (cutAs === "stall") await new Promise(() => {});
}

const garbled = (line: string): string => line.replace("{", "<<{").replaceAll('"', "'");
