import type { EmulatorClock, Timers } from "../clock.js";
import type { HttpRequestView } from "../http/service.js";
import type { ServiceWeather } from "../http/weather.js";
import type { Random } from "../random.js";
import type { Collection } from "./collection.js";
import type { HumanPolicy, OrgDials } from "./dials.js";
import type { OrgEmulatorOptions, Publish } from "./options.js";

/** A question as it reached the human. */
export interface Question {
  readonly id: string;
  readonly channelId: string;
  readonly sessionId: string;
  readonly message: string;
  readonly responseUrl: string;
  readonly askedAtMs: number;
  /** What was answered so far, with the status that the answer met; null while it is under way. */
  readonly answers: { readonly data: Record<string, unknown>; readonly atMs: number; status: number | null }[];
}

/** One event that was published, or should have been. */
export interface PublishedView {
  subject: string;
  /** What a space in the subject makes a reply subject of. */
  reply?: string;
  payload: string;
  atMs: number;
  /** False while it is on its way, and when publishing failed. */
  isDelivered: boolean;
}

/** Both servers with their databases, and the humans behind the channels. */
export interface OrgState {
  /** `http://127.0.0.1:PORT/org`. */
  readonly root: string;
  readonly clock: EmulatorClock;
  readonly timers: Timers;
  readonly weather: ServiceWeather<OrgDials>;
  readonly publish: Publish;
  readonly answer: OrgEmulatorOptions["answer"];
  readonly policies: Map<string, HumanPolicy>;
  random: Random;
  readonly sessions: Collection;
  readonly channels: Collection;
  readonly questions: Question[];
  readonly published: PublishedView[];
  readonly requests: HttpRequestView[];
  /** Calls to human endpoints that are under way. */
  outgoing: AbortController;
}

/** Unix seconds, as the servers count. */
export const nowSeconds = ({ clock }: Pick<OrgState, "clock">): number => Math.floor(clock.now() / 1_000);
