import { setMaxListeners } from "node:events";
import { createTimers, type EmulatorClock } from "../clock.js";
import type { HttpRequestView } from "../http/service.js";
import { createServiceWeather } from "../http/weather.js";
import { createRandom } from "../random.js";
import type { Document } from "./collection.js";
import { openDatabase } from "./database.js";
import { defaultOrgDials, type HumanPolicy, type OrgDials, orgDialShape } from "./dials.js";
import { channelDefaults, known } from "./documents.js";
import { keepSweeping, sweep } from "./expiry.js";
import { answerQuestion } from "./human.js";
import type { OrgEmulatorOptions } from "./options.js";
import { orgScenarios } from "./scenarios.js";
import type { OrgState, PublishedView, Question } from "./state.js";

/** A question as tests and the page see it. */
export interface QuestionView {
  id: string;
  channelId: string;
  sessionId: string;
  message: string;
  responseUrl: string;
  askedAtMs: number;
  /** The session's template, so that a person knows what is asked for; null when there is no such session. */
  template: unknown;
  /** What was answered so far, with the status that the answer met; null while it is under way. */
  answers: { data: Record<string, unknown>; atMs: number; status: number | null }[];
}

/** The emulated servers of an organisation, from the side of the test or of the person who answers. */
export interface OrgEmulator {
  /** What a client takes for the sessions server. */
  readonly sessionsUrl: string;
  readonly channelsUrl: string;
  /** The dials as they stand; turn them with `set`. */
  readonly dials: OrgDials;
  readonly scenarioName: string;
  /** Turns some dials. Throws `TypeError` for a dial or a value that does not exist. */
  set(dials: Partial<OrgDials>): void;
  /** Starts over from a scenario, keeping only the dials given at start-up. Throws `TypeError` for an unknown name. */
  scenario(name: string): void;
  /** Every stored session with all of its keys, in order of creation. */
  readonly sessions: Document[];
  readonly channels: Document[];
  /** A human channel, whose human does what the policy says; by default what the dial `humanPolicy` says. */
  addChannel(channelId: string, policy?: HumanPolicy): void;
  /** Every question that reached a human, in order. */
  readonly questions: QuestionView[];
  /** Answers a question as its human. Resolves with the status that the answer met. Throws when there is no such question. */
  answer(questionId: string, data: Record<string, unknown>): Promise<number>;
  /** Every event that was published, or should have been, in order. */
  readonly published: PublishedView[];
  /** Expires what is due, as happens by itself at the start and every five minutes. Returns how many. */
  sweep(): number;
  /** Every HTTP request in order; paths begin with the server's name. */
  readonly requests: HttpRequestView[];
  /** Forgets sessions, questions, events and logs; channels, dials and randomness are as at start-up. */
  reset(): void;
}

/** The emulator's state and its face. */
export function createOrg(
  origin: string,
  clock: EmulatorClock,
  seed: number,
  options: OrgEmulatorOptions,
): { state: OrgState; org: OrgEmulator } {
  const { scenario = "calm", dials, publish = () => undefined, answer } = options;
  const state: OrgState = {
    root: `${origin}/org`,
    clock,
    timers: createTimers(clock),
    weather: createServiceWeather<OrgDials>({
      service: "organisation",
      defaults: defaultOrgDials,
      shape: orgDialShape,
      scenarios: orgScenarios,
      startScenario: scenario,
      startDials: dials,
    }),
    publish,
    answer,
    policies: new Map(),
    random: createRandom(seed),
    ...openDatabase(options.file),
    questions: [],
    published: [],
    requests: [],
    outgoing: outgoingCalls(),
  };
  const start = (): void => {
    addChannel(state, "human");
    for (const [id, policy] of Object.entries(options.channels ?? {})) addChannel(state, id, policy);
    keepSweeping(state);
  };
  start();
  const reset = (): void => {
    stopOrg(state);
    state.outgoing = outgoingCalls();
    state.weather.reset();
    state.random = createRandom(seed);
    state.policies.clear();
    state.sessions.clear();
    state.channels.clear();
    for (const list of [state.questions, state.published, state.requests]) list.length = 0;
    start();
  };
  return { state, org: faceOf(state, reset) };
}

/** Every call that is under way listens, and there may be hundreds. */
function outgoingCalls(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** Ends timers and calls to humans. */
export function stopOrg(state: OrgState): void {
  state.timers.cancelAll();
  state.outgoing.abort();
}

function faceOf(state: OrgState, reset: () => void): OrgEmulator {
  return {
    sessionsUrl: `${state.root}/sessions-server`,
    channelsUrl: `${state.root}/channels-server`,
    get dials() {
      return structuredClone(state.weather.dials);
    },
    get scenarioName() {
      return state.weather.scenario;
    },
    set: (dials) => state.weather.set(dials),
    scenario: (name) => state.weather.use(name),
    get sessions() {
      return structuredClone([...state.sessions.all]);
    },
    get channels() {
      return structuredClone([...state.channels.all]);
    },
    addChannel: (id, policy) => addChannel(state, id, policy),
    get questions() {
      return state.questions.map((question) => questionView(state, question));
    },
    answer(questionId, data) {
      const question = state.questions.find(({ id }) => id === questionId);
      if (question === undefined) throw new Error(`There is no question ${questionId}.`);
      return answerQuestion(state, question, data);
    },
    get published() {
      return state.published.map((view) => ({ ...view }));
    },
    sweep: () => sweep(state),
    get requests() {
      return [...state.requests];
    },
    reset,
  };
}

function addChannel(state: OrgState, id: string, policy?: HumanPolicy): void {
  if (policy !== undefined) state.policies.set(id, policy);
  const metadata = { endpoint_url: `${state.root}/human/${encodeURIComponent(id)}` };
  // Of an earlier process, on another port perhaps.
  if (state.channels.findOne(id) !== undefined) return void state.channels.update(id, { channel_metadata: metadata });
  state.channels.insert(known(channelDefaults, { channel_id: id, channel_name: id, channel_metadata: metadata }));
}

function questionView({ sessions }: OrgState, { answers, ...question }: Question): QuestionView {
  const session = sessions.findOne(question.sessionId);
  return {
    ...question,
    template: session === undefined ? null : structuredClone(session["message_data_template"]),
    answers: answers.map((one) => ({ ...one, data: structuredClone(one.data) })),
  };
}
