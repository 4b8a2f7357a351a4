import { createTimers, type EmulatorClock } from "../clock.js";
import { createRandom } from "../random.js";
import { type Account, clearAccount, firstIds } from "./account.js";
import { dropNetwork, forceStatus, logOut, restoreNetwork } from "./connection.js";
import type { WasenderDials } from "./dials.js";
import { type Happening, happen } from "./happenings/happening.js";
import { type InboundInput, type InboundView, receive } from "./inbound.js";
import { type InboundMedia, receivedMediaContent } from "./media.js";
import type { WasenderEmulatorOptions } from "./options.js";
import { scan, startQr } from "./qr.js";
import type { Session } from "./session.js";
import {
  type DeliveryView,
  type LimitViolation,
  type RequestView,
  type SentView,
  type SessionView,
  sentViews,
  sessionView,
} from "./views.js";
import { createWeather } from "./weather.js";
import { createWebhookCourier } from "./webhook-courier.js";
import { emitWebhook } from "./webhooks.js";

/** An inbound message, with a file when `media` is given; `text` is then its caption. */
export interface ReceiveInput extends InboundInput {
  media?: InboundMedia;
}

/** The emulated provider, from the side of the test or the person who plays the phone. */
export interface WasenderEmulator {
  /** What a client takes for `https://www.wasenderapi.com/api`. */
  readonly baseUrl: string;
  /** The first accepted token. */
  readonly personalAccessToken: string;
  /** The dials as they stand; turn them with `set`. */
  readonly dials: WasenderDials;
  /** The scenario that was chosen last. */
  readonly scenarioName: string;
  /** Turns some dials. Throws `TypeError` for a dial or a value that does not exist. */
  set(dials: Partial<WasenderDials>): void;
  /** Starts over from a scenario, keeping only the dials given at start-up. Throws `TypeError` for an unknown name. */
  scenario(name: string): void;
  readonly sessions: SessionView[];
  /**
   * A person scans the code on show, by default with the session's own phone (or whose the dials say). Throws when no
   * code is on show.
   */
  scan(sessionId: number, options?: { phoneNumber?: string }): void;
  /** The phone unlinks the session, which is then `logged_out`. Throws when no phone is linked. */
  unlink(sessionId: number): void;
  /** Forces a status word, also one that no documentation knows, such as `PROXY_ERROR`. */
  setStatus(sessionId: number, status: string): void;
  /**
   * Somebody writes to the session. While its network is down the message waits; without a linked phone this throws.
   */
  receive(sessionId: number, message: ReceiveInput): { id: string };
  /** The session falls back to `connecting` and stays there. Throws when no phone is linked. */
  dropNetwork(sessionId: number): void;
  restoreNetwork(sessionId: number): void;
  /** People do something else than write: react, vote, call, correct, delete. Throws without a linked phone. */
  happen(sessionId: number, happening: Happening): void;
  /** Sends any webhook event with any data, if the session subscribed to it. */
  emit(sessionId: number, event: string, data: unknown): void;
  /** Every accepted message in order, whether or not its answer arrived. */
  readonly sent: SentView[];
  /** Everything that `receive` brought in, in order. */
  readonly inbound: InboundView[];
  /** Every HTTP request below the base URL in order, as it came. */
  readonly requests: RequestView[];
  /** How many requests were answered with 429. */
  readonly refusals: number;
  /** Requests that came before a rate limit allowed them. */
  readonly violations: LimitViolation[];
  /** Every webhook that left, in order. */
  readonly deliveries: DeliveryView[];
  /** Resolves when every webhook that has left was answered or given up. */
  webhooksSettled(): Promise<void>;
  /** Forgets sessions, messages, logs and counters; dials and randomness are as at start-up. */
  reset(): void;
}

/** The emulator's state and its face. */
export function createWasender(
  origin: string,
  clock: EmulatorClock,
  seed: number,
  options: WasenderEmulatorOptions,
): { account: Account; wasender: WasenderEmulator } {
  const account = createAccount(`${origin}/wasender`, clock, seed, options);
  const named = (id: number): Session => {
    const session = account.sessions.get(id);
    if (session === undefined) throw new Error(`There is no session ${id}.`);
    return session;
  };
  const wasender: WasenderEmulator = {
    baseUrl: `${account.root}/api`,
    personalAccessToken: account.accessTokens[0] ?? "",
    get dials() {
      return structuredClone(account.weather.dials);
    },
    get scenarioName() {
      return account.weather.scenario;
    },
    set: (dials) => account.weather.set(dials),
    scenario: (name) => account.weather.use(name),
    get sessions() {
      return [...account.sessions.values()].map(sessionView);
    },
    scan: (id, { phoneNumber } = {}) => scan(account, named(id), phoneNumber),
    unlink(id) {
      const session = named(id);
      if (session.linkedAs === null) throw new Error(`Session ${id} has no phone linked, so none can unlink.`);
      logOut(account, session);
    },
    setStatus(id, status) {
      const session = named(id);
      if (status === "need_scan") startQr(account, session);
      else forceStatus(account, session, status);
    },
    receive(id, { media, ...input }) {
      const content = media === undefined ? undefined : receivedMediaContent(account, media, input.text);
      return receive(account, named(id), input, content);
    },
    dropNetwork: (id) => dropNetwork(account, named(id)),
    restoreNetwork: (id) => restoreNetwork(account, named(id)),
    happen: (id, happening) => happen(account, named(id), happening),
    emit: (id, event, data) => emitWebhook(account, named(id), event, data),
    get sent() {
      return sentViews(account);
    },
    get inbound() {
      return [...account.inbound];
    },
    get requests() {
      return [...account.requests];
    },
    get refusals() {
      return account.refusals;
    },
    get violations() {
      return [...account.violations];
    },
    get deliveries() {
      return [...account.courier.deliveries];
    },
    webhooksSettled: () => account.courier.settled(),
    reset: () => clearAccount(account, createRandom(seed)),
  };
  return { account, wasender };
}

function createAccount(root: string, clock: EmulatorClock, seed: number, options: WasenderEmulatorOptions): Account {
  const { personalAccessTokens = ["pat-emulator"], scenario = "calm", dials, plan, sessionLimit } = options;
  const startDials = {
    ...dials,
    ...(plan === undefined ? {} : { plan }),
    ...(sessionLimit === undefined ? {} : { sessionLimit }),
  };
  const timers = createTimers(clock);
  return {
    root,
    clock,
    timers,
    weather: createWeather(clock, scenario, startDials),
    courier: createWebhookCourier(clock, timers),
    accessTokens: personalAccessTokens,
    random: createRandom(seed),
    sessions: new Map(),
    messages: new Map(),
    inbound: [],
    messageLogs: new Map(),
    sessionLogs: [],
    groups: new Map(),
    media: new Map(),
    requests: [],
    violations: [],
    refusals: 0,
    lastIds: { ...firstIds },
  };
}
