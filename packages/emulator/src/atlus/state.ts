import type { EmulatorClock, Timers } from "../clock.js";
import type { HttpRequestView } from "../http/service.js";
import type { ServiceWeather } from "../http/weather.js";
import type { Random } from "../random.js";
import type { AtlusDials, AtlusRoute } from "./dials.js";
import type { Microseconds } from "./wire-time.js";

export interface AtlusSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly createdAt: Microseconds;
  lastActivity: Microseconds;
  isActive: boolean;
  readonly metadata: Record<string, unknown> | null;
}

export interface Turn {
  readonly said: string;
  readonly answer: string;
}

/** A chat that was taken. `answer` is null while the model, or a person, thinks. */
export interface Chat {
  readonly requestId: string;
  /** Under which the conversation is kept: the session's id, or for a temporary one the request's. */
  readonly memoryKey: string;
  readonly userId: string;
  readonly message: string;
  readonly startedAtMs: number;
  answer: string | null;
  answeredAtMs: number | null;
}

export interface PendingChat {
  readonly chat: Chat;
  readonly resolve: (answer: string) => void;
  readonly lose: (reason: Error) => void;
}

/** The whole state of the emulated service: one process and the file that it keeps sessions in. */
export interface AtlusState {
  readonly clock: EmulatorClock;
  readonly timers: Timers;
  readonly weather: ServiceWeather<AtlusDials>;
  readonly accessTokens: readonly string[];
  random: Random;
  /** What the process knows. Filled from the file by the first session route after a start. */
  readonly registry: Map<string, AtlusSession>;
  isLoaded: boolean;
  /** `data/sessions.json`. */
  readonly file: Map<string, AtlusSession>;
  /** Conversations by session or request id. Only of this process: a restart empties it. */
  readonly memories: Map<string, Turn[]>;
  /** What users asked to remember, by user id. */
  readonly profiles: Map<string, string[]>;
  readonly chats: Chat[];
  readonly pending: Set<PendingChat>;
  readonly windows: Map<AtlusRoute, { startedAtMs: number; used: number }>;
  readonly requests: HttpRequestView[];
  throttled: number;
  restarts: number;
}

/** The present instant with made-up microseconds, so that nobody takes it for milliseconds. */
export function nowUs({ clock, random }: AtlusState): Microseconds {
  return Math.floor(clock.now()) * 1_000 + random.integer(1_000);
}

/** What the first session route after a start does. The check of a chat's session forgets to. */
export function loadRegistry(state: AtlusState): void {
  if (state.isLoaded) return;
  state.isLoaded = true;
  for (const [id, session] of state.file) state.registry.set(id, session);
}

export function forgetAll(state: AtlusState, random: Random): void {
  state.timers.cancelAll();
  state.pending.clear();
  state.weather.reset();
  state.random = random;
  for (const kept of [state.registry, state.file, state.memories, state.profiles, state.windows]) kept.clear();
  state.chats.length = 0;
  state.requests.length = 0;
  state.isLoaded = true;
  state.throttled = 0;
  state.restarts = 0;
}
