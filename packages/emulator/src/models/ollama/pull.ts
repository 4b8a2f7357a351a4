import type { Reply } from "../../http/reply.js";
import type { ServiceRequest } from "../../http/service.js";
import { type Fields, streamReply } from "../json.js";
import { dialsAt, type ModelsState } from "../state.js";
import { digestOf, fullName, sizeOf } from "./disk.js";
import { ndjson, ollamaError, ollamaReply } from "./wire.js";

const stepCount = 4;

/** `POST /api/pull`: a line for every step, or one answer at the end with `"stream": false`. */
export async function pull(state: ModelsState, fields: Fields, { signal }: ServiceRequest): Promise<Reply> {
  // "name" is the older word for it.
  const given = fields["model"] ?? fields["name"];
  if (typeof given !== "string" || given === "") return ollamaError(400, "model is required");
  const name = fullName(given).toLowerCase();
  const steps = pulling(state, name, signal);
  if (fields["stream"] === false) {
    let last: Fields = {};
    for await (const step of steps) last = step;
    return "error" in last ? ollamaReply(500, last) : ollamaReply(200, { status: "success" });
  }
  return streamReply("application/x-ndjson", lines(steps), {});
}

async function* lines(steps: AsyncIterable<Fields>): AsyncGenerator<string> {
  for await (const step of steps) yield ndjson(step);
}

async function* pulling(state: ModelsState, name: string, signal: AbortSignal): AsyncGenerator<Fields> {
  yield { status: "pulling manifest" };
  const isKnown = state.ollamaLibrary.includes(name) || state.ollamaModels.has(name);
  if (!isKnown) return yield { error: "pull model manifest: file does not exist" };
  const [digest, total] = [digestOf(name), sizeOf(name)];
  const layer = { status: `pulling ${digest.slice(0, 12)}`, digest: `sha256:${digest}`, total };
  for (let step = 0; step <= stepCount; step++) {
    const { pullMs, pullFails } = dialsAt(state, "ollama");
    if (step > 0) await state.timers.wait(pullMs / stepCount);
    if (signal.aborted) return undefined;
    yield step === 0 ? layer : { ...layer, completed: Math.floor((total * step) / stepCount) };
    if (pullFails && step === stepCount / 2) return yield { error: "max retries exceeded: unexpected EOF" };
  }
  for (const status of ["verifying sha256 digest", "writing manifest"]) yield { status };
  state.ollamaModels.add(name);
  return yield { status: "success" };
}
