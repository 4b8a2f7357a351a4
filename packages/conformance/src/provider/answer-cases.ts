import assert from "node:assert/strict";
import {
  type AnyOperation,
  type AnyProvider,
  type Call,
  errorCatalogue,
  type InterpretContext,
  type Observation,
  type RemoteSignal,
  type SessionState,
  seededRandom,
} from "@colloquy/core";
import { bucketsOf, operationsOf } from "./expect.js";
import { emptySuccesses, hostileResponses } from "./hostile.js";
import { type ProviderCase, sends } from "./provider-case.js";

const states: readonly SessionState[] = [
  "created",
  "connecting",
  "pairing",
  "waiting",
  "connected",
  "reconnecting",
  "closing",
  "suspended",
  "unlinked",
  "completed",
  "rejected",
  "expired",
  "failed",
  "terminated",
];

const observationTypes: ReadonlySet<Observation["type"]> = new Set([
  "challengeIssued",
  "challengeProgress",
  "challengeExpired",
  "paired",
  "asked",
  "opened",
  "dropped",
  "unlinked",
  "paused",
  "answered",
  "rejectedRemote",
  "expiredRemote",
  "failedRemote",
  "remoteClosed",
  "notFound",
  "logoutAck",
  "restrictionChanged",
  "healthChanged",
  "unknownStatus",
] as const);

const contexts: readonly InterpretContext[] = states.flatMap((state) =>
  (["none", "online", "offline", "closed"] as const).flatMap((intent) =>
    [true, false].flatMap((pairing) => [
      { state, intent, pairing },
      ...(state === "closing"
        ? [
            { state, intent, pairing, closingGoal: "unlink" as const },
            { state, intent, pairing, closingGoal: "terminate" as const },
          ]
        : []),
    ]),
  ),
);

const seed = 20_261_121;

/** Words that nobody promised, always the same ones. */
function randomWords(): readonly string[] {
  const random = seededRandom(seed);
  const word = (): string =>
    Array.from({ length: Math.floor(random() * 12) }, () => String.fromCharCode(Math.floor(random() * 0x250))).join("");
  return ["", " ", "constructor", "__proto__", "toString", "x".repeat(10_000), ...Array.from({ length: 60 }, word)];
}

const decorations: readonly Partial<RemoteSignal>[] = [
  {},
  { challenge: { kind: "qr", artefact: "made-up" } },
  { challenge: { kind: "code", artefact: "", lifetimeMs: -1 } },
  { identity: { id: "+15550100" } },
  { identity: { id: "" }, details: { any: [null, { deep: "value" }] } },
];

const sources = ["reply", "probe", "event", "connection"] as const;

function forEachSignal(
  words: readonly string[],
  look: (signal: RemoteSignal, context: InterpretContext) => void,
): void {
  for (const word of words)
    for (const [index, decoration] of decorations.entries()) {
      const source = sources[(index + word.length) % sources.length] as RemoteSignal["source"];
      for (const context of contexts)
        look(Object.freeze({ source, word, ...decoration }), Object.freeze({ ...context }));
    }
}

const say = (signal: RemoteSignal, context: InterpretContext): string =>
  `"${signal.word.slice(0, 40)}" while ${context.state} (seed ${seed})`;

export const answerCases: readonly ProviderCase[] = [
  {
    title: "interpret takes any word in any context and answers the same every time",
    run: ({ world: { provider } }) =>
      forEachSignal([...provider.manifest.statusWords, ...randomWords()], (signal, context) => {
        const first = provider.interpret(signal, context);
        assert.ok(Array.isArray(first), say(signal, context));
        for (const { type } of first) assert.ok(observationTypes.has(type), `${type} for ${say(signal, context)}`);
        assert.deepEqual(provider.interpret(signal, context), first, say(signal, context));
      }),
  },
  {
    title: "interpret knows every status word of the manifest, however it is spelled",
    run: ({ world: { provider } }) => {
      const { statusWords } = provider.manifest;
      assert.ok(statusWords.length > 0, "there are status words");
      const meaning = new Set<string>();
      forEachSignal([...statusWords, ...statusWords.map((word) => word.toUpperCase())], (signal, context) => {
        for (const { type } of provider.interpret(signal, context)) {
          assert.notEqual(type, "unknownStatus", say(signal, context));
          meaning.add(signal.word.toLowerCase());
        }
      });
      assert.deepEqual(
        statusWords.filter((word) => !meaning.has(word)),
        [],
        "words that mean nothing in any context",
      );
    },
  },
  {
    title: "interpret tells a word that it does not know as unknown, with the word",
    run: ({ world: { provider } }) => {
      const context: InterpretContext = { state: "connected", intent: "online", pairing: false };
      const observations = provider.interpret({ source: "probe", word: "Never_Heard_Of" }, context);
      assert.deepEqual(observations, [{ type: "unknownStatus", word: "Never_Heard_Of" }]);
    },
  },
  {
    title: "readFailure takes any answer and names a code of the catalogue",
    run: ({ world: { provider } }) =>
      forEachAnswer(provider, (operation, response, where) => {
        const failure = provider.readFailure(response, operation);
        if (!failure) return;
        assert.ok(Object.hasOwn(errorCatalogue, failure.code), `${failure.code} for ${where}`);
        assert.ok(failure.providerMessage === undefined || typeof failure.providerMessage === "string", where);
        checkWait(failure.retryAfterMs, where);
        for (const problems of Object.values(failure.fieldErrors ?? {}))
          assert.ok(Array.isArray(problems) && problems.every((problem) => typeof problem === "string"), where);
      }),
  },
  {
    title: "readRateLimits takes any answer and tells finite figures of declared buckets",
    run: ({ world }) => {
      const { provider } = world;
      const known = bucketsOf(world);
      forEachAnswer(provider, (operation, response, where) => {
        for (const reading of provider.readRateLimits(response, operation)) {
          assert.ok(known.has(reading.bucket), `"${reading.bucket}" for ${where}`);
          for (const figure of [
            reading.limit,
            reading.remaining,
            reading.resetAtMs,
            reading.windowMs,
            reading.observedAtMs,
          ])
            assert.ok(
              figure === undefined || (Number.isFinite(figure) && figure >= 0),
              `${JSON.stringify(reading)} for ${where}`,
            );
          checkWait(reading.retryAfterMs, where);
        }
      });
    },
  },
  {
    title: "an answer without the session's id is refused, not made up for",
    run: ({ world }) => {
      refusesEmptiness(firstCall(world.provider.create(world.sessionInput)).operation);
      refusesEmptiness(firstCall(world.provider.attach(world.unknownRemoteId)).operation);
    },
  },
  {
    title: "an answer without the message's id is refused, not made up for",
    applies: sends,
    run: ({ world: { provider, recipient } }) => {
      const context = { sessionId: "ses_made_up", remoteId: "1", settings: {} };
      const call = provider.facets.send?.send({ to: recipient, text: "Hello" }, context);
      refusesEmptiness((call as Call).operation);
    },
  },
];

function firstCall(procedure: Generator<Call>): Call {
  const step = procedure.next();
  assert.ok(!step.done, "the procedure asks the provider for something");
  return step.value;
}

function refusesEmptiness(operation: AnyOperation): void {
  for (const response of emptySuccesses())
    assert.throws(
      () => operation.decode(response),
      `${operation.name} takes ${response.text.slice(0, 40) || "nothing"} for an answer`,
    );
}

function checkWait(waitMs: number | undefined, where: string): void {
  assert.ok(waitMs === undefined || (Number.isFinite(waitMs) && waitMs >= 0), `a wait of ${waitMs} for ${where}`);
}

function forEachAnswer(
  provider: AnyProvider,
  look: (operation: AnyOperation, response: ReturnType<typeof hostileResponses>[number], where: string) => void,
): void {
  const responses = hostileResponses();
  for (const { operation } of operationsOf(provider))
    for (const response of responses)
      look(
        operation,
        response,
        `${operation.name}, ${response.status} ${response.text.slice(0, 60)} ${JSON.stringify(response.headers)}`,
      );
}
