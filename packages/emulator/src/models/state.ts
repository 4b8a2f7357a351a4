import type { EmulatorClock, Timers } from "../clock.js";
import type { HttpRequestView } from "../http/service.js";
import type { ServiceWeather } from "../http/weather.js";
import type { Random } from "../random.js";
import { type ModelApi, modelApis, type Prompt } from "./conversation.js";
import { defaultModelDials, type ModelDials } from "./dials.js";
import type { LimitLevels } from "./limits.js";

/** One prompt that was taken. */
export interface Call {
  readonly id: string;
  readonly prompt: Prompt;
  readonly startedAtMs: number;
  /** What has been said so far. */
  text: string;
  outputTokens: number;
  outcome: "under_way" | "complete" | "cut" | "abandoned";
}

export interface PendingCall {
  readonly call: Call;
  readonly resolve: (text: string) => void;
}

/** The whole state of the emulated endpoints. */
export interface ModelsState {
  readonly clock: EmulatorClock;
  readonly timers: Timers;
  readonly weather: ServiceWeather<ModelDials>;
  readonly openaiKeys: readonly string[];
  readonly anthropicKeys: readonly string[];
  readonly openaiModels: readonly string[];
  readonly anthropicModels: readonly string[];
  /** What Ollama had at the start, and what it can pull. Full names, with tags. */
  readonly ollamaModelsAtStart: readonly string[];
  readonly ollamaLibrary: readonly string[];
  readonly ollamaModels: Set<string>;
  random: Random;
  readonly calls: Call[];
  readonly pending: Set<PendingCall>;
  readonly levels: Map<ModelApi, LimitLevels>;
  readonly requests: HttpRequestView[];
  throttled: number;
}

/** The dials as an endpoint feels them: those of a calm day, except for faults of every HTTP service, where it is not affected. */
export function dialsAt(state: ModelsState, api: ModelApi): ModelDials {
  const { dials } = state.weather;
  if (dials.affected.includes(api)) return dials;
  const { answeredBy, down } = dials;
  return { ...defaultModelDials(), answeredBy, down };
}

export function forgetAll(state: ModelsState, random: Random): void {
  state.timers.cancelAll();
  state.weather.reset();
  state.random = random;
  for (const kept of [state.pending, state.levels, state.ollamaModels]) kept.clear();
  for (const name of state.ollamaModelsAtStart) state.ollamaModels.add(name);
  state.calls.length = 0;
  state.requests.length = 0;
  state.throttled = 0;
}

export const isModelApi = (name: string | undefined): name is ModelApi => modelApis.some((api) => api === name);
