import {
  type AxiosAdapter,
  AxiosError,
  AxiosHeaders,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from "axios";
import type { LimitRule, ProviderTimings } from "../../src/contract/index.js";
import type { LogFields } from "../../src/logger.js";
import { seededRandom } from "../../src/random.js";
import { type Colloquy, createColloquy } from "../../src/sessions/colloquy.js";
import type { ColloquyOptions } from "../../src/sessions/create-runtime.js";
import type { Session } from "../../src/sessions/session.js";
import { memoryStore } from "../../src/store/memory.js";
import type { Store } from "../../src/store/store.js";
import { noTelemetry } from "../../src/telemetry.js";
import {
  ReferenceBackend,
  type ReferenceBackendOptions,
  type ReferenceProvider,
  referenceProvider,
  settle,
  type VirtualClock,
  virtualClock,
} from "../../src/testing/index.js";
import { clockWake } from "../../src/transport/wake.js";

/** Like a hosted messaging API: minutes and half minutes, so that tests read like life. Virtual time pays for it. */
const timings: ProviderTimings = {
  connectDeadlineMs: 60_000,
  pairingDeadlineMs: 180_000,
  challengeLifetimeMs: 45_000,
  livenessMs: 90_000,
  closeDeadlineMs: 15_000,
  pollActiveMs: 2_000,
  pollConnectedMs: 30_000,
};

const roomy: readonly LimitRule[] = ["requests", "sends"].map((bucket) => ({
  bucket,
  scope: bucket === "sends" ? "session" : "account",
  limit: 10_000,
  windowMs: 1_000,
  source: "test",
  asOf: "2026-11-21",
}));

export interface StageOptions {
  readonly backend?: ReferenceBackendOptions;
  readonly timings?: Partial<ProviderTimings>;
  /** Default: far more than any test sends. */
  readonly limits?: readonly LimitRule[];
}

/** Holds answers back, so that a test can look between a request and its answer. */
export interface Wire {
  /** From now on requests whose `METHOD /path` fits get no answer before `release`; they are done at the service. */
  hold(on: RegExp): void;
  release(): void;
  readonly heldCount: number;
}

export interface Stage {
  readonly clock: VirtualClock;
  readonly backend: ReferenceBackend;
  readonly provider: ReferenceProvider;
  readonly store: Store;
  readonly wire: Wire;
  readonly log: { readonly level: string; readonly event: string; readonly fields: LogFields }[];
  /** A Colloquy on this stage's clock, store and service; the options take precedence. */
  colloquy(options?: Partial<ColloquyOptions<readonly [ReferenceProvider]>>): Colloquy<readonly [ReferenceProvider]>;
  /** Lets virtual time pass until the work is done, at most `limitMs` (default ten minutes). */
  pass<Result>(work: Promise<Result>, limitMs?: number): Promise<Result>;
  /** Lets everything run that needs no time, until the condition holds. */
  until(condition: () => boolean): Promise<void>;
  /** How many requests of the service fit. */
  countRequests(on: RegExp): number;
}

/** Core on virtual time over the reference service, with the network left out: requests go straight into the service. */
export function createStage(options: StageOptions = {}): Stage {
  const clock = virtualClock();
  const backend = new ReferenceBackend({
    clock,
    codeLifetimeMs: 45_000,
    sends: { limit: 10_000, windowMs: 1_000 },
    requests: { limit: 10_000, windowMs: 1_000 },
    ...options.backend,
  });
  const provider = referenceProvider({
    baseUrl: "http://reference.test",
    personalAccessToken: backend.personalAccessToken,
    timings: { ...timings, ...options.timings },
    limits: options.limits ?? roomy,
  });
  const store = memoryStore();
  const log: Stage["log"] = [];
  const wire = createWire();
  return {
    clock,
    backend,
    provider,
    store,
    wire,
    log,
    colloquy: (changed = {}) =>
      createColloquy({
        providers: [provider] as const,
        store,
        clock,
        random: seededRandom(7),
        logger: { log: (level, event, fields) => void log.push({ level, event, fields }) },
        telemetry: noTelemetry,
        // One attempt: axios-retry's own pause is a real timer, which virtual time would run away from.
        transport: { adapter: wire.adapter(backend), wake: clockWake(clock), limits: { maxAttempts: 1 } },
        ...changed,
      }),
    pass: async (work, limitMs = 600_000) => {
      let isSettled = false;
      const mark = (): void => {
        isSettled = true;
      };
      work.then(mark, mark);
      await clock.runUntil(() => isSettled, { limitMs });
      if (!isSettled) throw new Error(`Not done after ${limitMs} ms of virtual time.`);
      return work;
    },
    until: async (condition) => {
      for (let turn = 0; turn < 5_000 && !condition(); turn++) await settle();
      if (!condition()) throw new Error("It never held.");
    },
    countRequests: (on) => backend.requests.filter(({ method, path }) => on.test(`${method} ${path}`)).length,
  };
}

/** Makes a session and links it: someone scans the first code. */
export async function connectedSession(
  stage: Stage,
  colloquy: Colloquy<readonly [ReferenceProvider]>,
): Promise<Session<ReferenceProvider>> {
  const session = await colloquy.sessions.create("reference", { name: "Shop" });
  const pairing = (async () => {
    for await (const _challenge of session.pair()) stage.backend.phone.scan(session.remoteId as string);
  })();
  await stage.pass(pairing);
  return session;
}

/** The one session that is not at rest, taken over by another process on the same store. */
export async function restored(stage: Stage): Promise<Session<ReferenceProvider>> {
  const [session] = await stage.colloquy().sessions.restore();
  if (!session) throw new Error("Nothing was restored.");
  return session;
}

function createWire(): Wire & { adapter(backend: ReferenceBackend): AxiosAdapter } {
  let held: RegExp | undefined;
  const waiting: (() => void)[] = [];
  return {
    hold: (on) => {
      held = on;
    },
    release: () => {
      held = undefined;
      for (const answer of waiting.splice(0)) answer();
    },
    get heldCount() {
      return waiting.length;
    },
    adapter: (backend) => (config) =>
      new Promise((resolve, reject) => {
        const { method, path, headers, body } = requestOf(config);
        const given = backend.handle({ method, path, headers, body });
        const answer = (): void => {
          if (given) resolve(responseOf(given, config));
          else reject(new AxiosError("socket hang up", "ECONNRESET", config));
        };
        const { signal } = config;
        signal?.addEventListener?.("abort", () => reject(new AxiosError("canceled", "ERR_CANCELED", config)));
        if (held?.test(`${method} ${path}`)) waiting.push(answer);
        else answer();
      }),
  };
}

function requestOf(config: InternalAxiosRequestConfig): Parameters<ReferenceBackend["handle"]>[0] {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(config.headers.toJSON())) headers[name.toLowerCase()] = String(value);
  return {
    method: (config.method ?? "get").toUpperCase(),
    path: decodeURIComponent(new URL(config.url as string).pathname),
    headers,
    body: config.data === undefined ? "" : String(config.data),
  };
}

function responseOf(
  given: NonNullable<ReturnType<ReferenceBackend["handle"]>>,
  config: InternalAxiosRequestConfig,
): AxiosResponse {
  return {
    status: given.status,
    statusText: "",
    headers: new AxiosHeaders({ ...given.headers }),
    data: Buffer.from(given.text, "utf8"),
    config,
  };
}
