import type { EmulatorClock } from "../clock.js";
import type { SsmDials } from "./dials.js";
import { createGateway, type SsmGateway, type SsmRequestView } from "./gateway.js";
import type { SsmCredentials, SsmEmulatorOptions, SsmStartAnswer, SsmStartInput } from "./options.js";
import type { SsmSession } from "./session.js";
import { type SsmSessionView, ssmSessionView } from "./views.js";

/** The emulated gateway with its agents, from the side of the test or the person who plays the network. */
export interface SsmEmulator {
  /** The endpoint of both services for a client: SSM and the fake KMS. */
  readonly endpointUrl: string;
  readonly region: string;
  /** Made up. Needed only with the dial `signatures: "verified"`. */
  readonly credentials: SsmCredentials;
  /** The dials as they stand; turn them with `set`. */
  readonly dials: SsmDials;
  /** The scenario that was chosen last. */
  readonly scenarioName: string;
  /** Turns some dials. Throws `TypeError` for a dial or a value that does not exist. */
  set(dials: Partial<SsmDials>): void;
  /** Starts over from a scenario, keeping only the dials given at start-up. Throws `TypeError` for an unknown name. */
  scenario(name: string): void;
  /** What StartSession does, without HTTP. Throws for a document or a parameter that does not exist. */
  start(input?: SsmStartInput): SsmStartAnswer;
  /** A fresh token, as ResumeSession answers, without HTTP. */
  resume(sessionId: string): SsmStartAnswer;
  readonly sessions: SsmSessionView[];
  /** One session as it stands. Throws when there is none. */
  session(sessionId: string): SsmSessionView;
  /** Closes the connection with 1000 "Bye", as the service does every hour. */
  bye(sessionId: string): void;
  /** Breaks the connection without a word. */
  cut(sessionId: string): void;
  /** The connection stays open, but nothing is read, answered or sent on it any more. The next one works. */
  deafen(sessionId: string): void;
  /** No token given out so far is accepted any more; a connection that stands goes on. */
  revokeTokens(sessionId: string): void;
  /** Asks the client to stop sending, until `startPublication` or the next connection. */
  pausePublication(sessionId: string): void;
  startPublication(sessionId: string): void;
  /** Ends the session: what is under way is delivered first. `output` is the reason that the client is told. */
  terminate(sessionId: string, output?: string): void;
  /** Every HTTP request in order. */
  readonly requests: SsmRequestView[];
  /** Forgets every session with everything that runs; dials and randomness are as at start-up. */
  reset(): void;
}

/** The emulator's state and its face. */
export function createSsm(
  origin: string,
  clock: EmulatorClock,
  seed: number,
  options: SsmEmulatorOptions,
): { gateway: SsmGateway; ssm: SsmEmulator } {
  const gateway = createGateway(origin, clock, seed, options);
  const named = (id: string): SsmSession => {
    const session = gateway.sessions.get(id);
    if (session === undefined) throw new Error(`There is no session ${id}.`);
    return session;
  };
  const ssm: SsmEmulator = {
    endpointUrl: `${origin}/ssm`,
    region: gateway.region,
    credentials: { ...gateway.credentials },
    get dials() {
      return structuredClone(gateway.weather.dials);
    },
    get scenarioName() {
      return gateway.weather.scenario;
    },
    set: (dials) => gateway.weather.set(dials),
    scenario: (name) => gateway.weather.use(name),
    start: (input = {}) => gateway.start(input),
    resume: (id) => ({
      SessionId: id,
      StreamUrl: gateway.streamUrl(id),
      TokenValue: gateway.grant(named(id)),
    }),
    get sessions() {
      return [...gateway.sessions.values()].map(ssmSessionView);
    },
    session: (id) => ssmSessionView(named(id)),
    bye: (id) => named(id).closeConnection(1_000, "Bye"),
    cut: (id) => named(id).cut(),
    deafen: (id) => named(id).deafen(),
    revokeTokens: (id) => named(id).tokens.clear(),
    pausePublication: (id) => named(id).setPaused(true),
    startPublication: (id) => named(id).setPaused(false),
    terminate: (id, output) => named(id).terminate(output),
    get requests() {
      return [...gateway.requests];
    },
    reset: () => gateway.clear(),
  };
  return { gateway, ssm };
}
