import { createTimers, type EmulatorClock } from "../clock.js";
import type { HttpRequestView } from "../http/service.js";
import { createServiceWeather } from "../http/weather.js";
import { createRandom } from "../random.js";
import { defaultModelDials, type ModelDials, modelDialShape } from "./dials.js";
import { fullName } from "./ollama/disk.js";
import type { ModelsEmulatorOptions } from "./options.js";
import { modelScenarios } from "./scenarios.js";
import { answerPending } from "./speaking.js";
import { forgetAll, type ModelsState } from "./state.js";
import { callView, type ModelCallView } from "./views.js";

/** One endpoint, from the side of a client. */
export interface ModelEndpoint {
  /** What a client takes for the service's address: Ollama's host, OpenAI's with `/v1`, Anthropic's without. */
  readonly baseUrl: string;
  /** What it can answer with now. */
  readonly models: readonly string[];
}

export interface KeyedModelEndpoint extends ModelEndpoint {
  /** The first accepted key. */
  readonly apiKey: string;
}

/** The emulated model endpoints, from the side of the test or of the person who plays the model. */
export interface ModelsEmulator {
  readonly ollama: ModelEndpoint;
  readonly openai: KeyedModelEndpoint;
  readonly anthropic: KeyedModelEndpoint;
  /** The dials as they stand; turn them with `set`. */
  readonly dials: ModelDials;
  readonly scenarioName: string;
  /** Turns some dials. Throws `TypeError` for a dial or a value that does not exist. */
  set(dials: Partial<ModelDials>): void;
  /** Starts over from a scenario, keeping only the dials given at start-up. Throws `TypeError` for an unknown name. */
  scenario(name: string): void;
  /** Every prompt that was taken, in order, whether or not its answer arrived. */
  readonly calls: ModelCallView[];
  /** Prompts that wait for a person. */
  readonly pendingCalls: ModelCallView[];
  /** Plays the model for a prompt that waits. Throws when none of this id does. */
  answer(id: string, text: string): void;
  /** Every HTTP request in order, as it came; paths begin with the endpoint, such as `/ollama/api/chat`. */
  readonly requests: HttpRequestView[];
  /** How many prompts met 429. */
  readonly throttledCount: number;
  /** Forgets prompts, pulled models, logs and counters; dials and randomness are as at start-up. */
  reset(): void;
}

/** The emulator's state and its face. */
export function createModels(
  origin: string,
  clock: EmulatorClock,
  seed: number,
  options: ModelsEmulatorOptions,
): { state: ModelsState; models: ModelsEmulator } {
  const keys = createRandom(seed);
  const ollamaModels = (options.ollamaModels ?? ["llama3.2"]).map(diskName);
  const state: ModelsState = {
    clock,
    timers: createTimers(clock),
    weather: createServiceWeather<ModelDials>({
      service: "model",
      defaults: defaultModelDials,
      shape: modelDialShape,
      scenarios: modelScenarios,
      startScenario: options.scenario ?? "calm",
      startDials: options.dials,
    }),
    openaiKeys: options.openaiApiKeys ?? [`sk-emulated-${keys.hex(32)}`],
    anthropicKeys: options.anthropicApiKeys ?? [`sk-ant-emulated-${keys.hex(32)}`],
    openaiModels: options.openaiModels ?? ["gpt-4o", "gpt-4o-mini"],
    anthropicModels: options.anthropicModels ?? ["claude-sonnet-5-5", "claude-haiku-5-5"],
    ollamaModelsAtStart: ollamaModels,
    ollamaLibrary: (options.ollamaLibrary ?? ["mistral", "qwen2.5:0.5b"]).map(diskName),
    ollamaModels: new Set(ollamaModels),
    random: createRandom(seed),
    calls: [],
    pending: new Set(),
    levels: new Map(),
    requests: [],
    throttled: 0,
  };
  return { state, models: faceOf(state, `${origin}/models`, seed) };
}

const diskName = (name: string): string => fullName(name).toLowerCase();

function faceOf(state: ModelsState, base: string, seed: number): ModelsEmulator {
  return {
    ollama: {
      baseUrl: `${base}/ollama`,
      get models() {
        return [...state.ollamaModels];
      },
    },
    openai: { baseUrl: `${base}/openai/v1`, apiKey: state.openaiKeys[0] ?? "", models: state.openaiModels },
    anthropic: { baseUrl: `${base}/anthropic`, apiKey: state.anthropicKeys[0] ?? "", models: state.anthropicModels },
    get dials() {
      return structuredClone(state.weather.dials);
    },
    get scenarioName() {
      return state.weather.scenario;
    },
    set: (dials) => state.weather.set(dials),
    scenario: (name) => state.weather.use(name),
    get calls() {
      return state.calls.map(callView);
    },
    get pendingCalls() {
      return [...state.pending].map(({ call }) => callView(call));
    },
    answer: (id, text) => answerPending(state, id, text),
    get requests() {
      return [...state.requests];
    },
    get throttledCount() {
      return state.throttled;
    },
    reset: () => forgetAll(state, createRandom(seed)),
  };
}
