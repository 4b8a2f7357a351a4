import { createTimers, type EmulatorClock } from "../clock.js";
import type { HttpRequestView } from "../http/service.js";
import { createServiceWeather } from "../http/weather.js";
import { createRandom } from "../random.js";
import { answerPending } from "./chat.js";
import { type AtlusDials, atlusDialShape, defaultAtlusDials } from "./dials.js";
import type { AtlusEmulatorOptions } from "./options.js";
import { restart } from "./restart.js";
import { atlusScenarios } from "./scenarios.js";
import { type AtlusState, forgetAll } from "./state.js";
import { type AtlusSessionView, type ChatView, chatView, sessionViews } from "./views.js";

/** The emulated ATLUS, from the side of the test or of the person who plays the model. */
export interface AtlusEmulator {
  /** What a client takes for the service's address; the API is below `/api/v1`. */
  readonly baseUrl: string;
  /** The first accepted token; undefined when none is asked for. */
  readonly personalAccessToken: string | undefined;
  /** The dials as they stand; turn them with `set`. */
  readonly dials: AtlusDials;
  readonly scenarioName: string;
  /** Turns some dials. Throws `TypeError` for a dial or a value that does not exist. */
  set(dials: Partial<AtlusDials>): void;
  /** Starts over from a scenario, keeping only the dials given at start-up. Throws `TypeError` for an unknown name. */
  scenario(name: string): void;
  /** What is stored, known to the running process or not. */
  readonly sessions: AtlusSessionView[];
  /** Every chat that was taken, in order, whether or not its answer arrived. */
  readonly chats: ChatView[];
  /** Chats that wait for a person. */
  readonly pendingChats: ChatView[];
  /** Plays the model for a chat that waits. Throws when none of this request id does. */
  answer(requestId: string, text: string): void;
  /** Makes a session inactive, or active again, which the service itself never does. Throws for an unknown id. */
  setActive(sessionId: string, isActive: boolean): void;
  /** The process ends and starts again: chats under way are cut off, memory is gone, sessions are read from the file later. */
  restart(): void;
  /** Every HTTP request below the base URL in order, as it came. */
  readonly requests: HttpRequestView[];
  /** How many requests came over a limit. */
  readonly throttledCount: number;
  readonly restartCount: number;
  /** Forgets sessions, conversations, logs and counters; dials and randomness are as at start-up. */
  reset(): void;
}

/** The emulator's state and its face. */
export function createAtlus(
  origin: string,
  clock: EmulatorClock,
  seed: number,
  options: AtlusEmulatorOptions,
): { state: AtlusState; atlus: AtlusEmulator } {
  const { personalAccessTokens = [], scenario = "calm", dials } = options;
  const state: AtlusState = {
    clock,
    timers: createTimers(clock),
    weather: createServiceWeather<AtlusDials>({
      service: "ATLUS",
      defaults: defaultAtlusDials,
      shape: atlusDialShape,
      scenarios: atlusScenarios,
      startScenario: scenario,
      startDials: dials,
    }),
    accessTokens: personalAccessTokens,
    random: createRandom(seed),
    registry: new Map(),
    isLoaded: true,
    file: new Map(),
    memories: new Map(),
    profiles: new Map(),
    chats: [],
    pending: new Set(),
    windows: new Map(),
    requests: [],
    throttled: 0,
    restarts: 0,
  };
  return { state, atlus: faceOf(state, `${origin}/atlus`, seed) };
}

function faceOf(state: AtlusState, baseUrl: string, seed: number): AtlusEmulator {
  return {
    baseUrl,
    personalAccessToken: state.accessTokens[0],
    get dials() {
      return structuredClone(state.weather.dials);
    },
    get scenarioName() {
      return state.weather.scenario;
    },
    set: (dials) => state.weather.set(dials),
    scenario: (name) => state.weather.use(name),
    get sessions() {
      return sessionViews(state);
    },
    get chats() {
      return state.chats.map(chatView);
    },
    get pendingChats() {
      return [...state.pending].map(({ chat }) => chatView(chat));
    },
    answer: (requestId, text) => answerPending(state, requestId, text),
    setActive(sessionId, isActive) {
      const session = state.file.get(sessionId);
      if (session === undefined) throw new Error(`There is no session ${sessionId}.`);
      session.isActive = isActive;
    },
    restart: () => restart(state),
    get requests() {
      return [...state.requests];
    },
    get throttledCount() {
      return state.throttled;
    },
    get restartCount() {
      return state.restarts;
    },
    reset: () => forgetAll(state, createRandom(seed)),
  };
}
