import { actions, endGeneration } from "../../src/lifecycle/actions.js";
import { guards, questions } from "../../src/lifecycle/guards.js";
import type { Row } from "../../src/lifecycle/row.js";
import { transitionTable } from "../../src/lifecycle/table.js";
import { enterState, isStale, type TransitionParts } from "../../src/lifecycle/transition.js";
import type { Violation } from "./walk.js";

export interface Fault {
  readonly name: string;
  /** The check that must notice it. */
  readonly caughtBy: Violation["invariant"];
  readonly parts: Partial<TransitionParts>;
}

const changeRow = (id: string, change: Partial<Row>): Partial<TransitionParts> => ({
  rows: transitionTable.map((row) => (row.id === id ? { ...row, ...change } : row)),
});
const addRow = (row: Omit<Row, "id" | "when"> & Partial<Row>): Partial<TransitionParts> => ({
  rows: [...transitionTable, { id: "seeded", when: [], ...row }],
});
const answer = (question: keyof typeof questions, always: string): Partial<TransitionParts> => ({
  questions: { ...questions, [question]: { ...questions[question], ask: () => always } },
});
const act = (name: keyof typeof actions, action: (typeof actions)[typeof name]): Partial<TransitionParts> => ({
  actions: { ...actions, [name]: action },
});
const without = (id: string, guard: keyof typeof guards): Partial<TransitionParts> =>
  changeRow(id, { when: (transitionTable.find((row) => row.id === id)?.when ?? []).filter((name) => name !== guard) });

const finals = "a final state is left by a restart into the next incarnation only";
const stale = "what an abandoned opening reports moves nothing and is recorded";
const generations = "at most one opening is live, and none when nothing should run";
const timers = "an active state has its timer, and no state has a timer of another";
const intent = "against the intent nothing but a command goes online";
const repeated = "the same news again is no transition and counts nothing";
const wiped = "credentials are wiped only on the acknowledgement of a closing";
const nobody = "no code is shown to nobody";

/** Deliberate faults, each put into the reducer alone. */
export const faults: readonly Fault[] = [
  {
    name: "a failed session revives when the provider reports it open",
    caughtBy: finals,
    parts: addRow({ from: ["failed"], on: ["opened"], to: "connected", then: ["prove"] }),
  },
  { name: "restart ignores that the provider cannot", caughtBy: finals, parts: without("restart", "restartable") },
  {
    name: "restart also revives a terminated session",
    caughtBy: finals,
    parts: changeRow("restart", { from: ["failed", "terminated"] }),
  },
  { name: "restart keeps the incarnation", caughtBy: finals, parts: act("renewIncarnation", endGeneration) },
  { name: "generations are ignored", caughtBy: stale, parts: { isStale: () => false } },
  {
    name: "only much older generations count as stale",
    caughtBy: stale,
    parts: { isStale: (snapshot, event) => isStale({ ...snapshot, generation: snapshot.generation - 1 }, event) },
  },
  {
    name: "an unknown cause breaks the reducer",
    caughtBy: "it never throws",
    parts: {
      questions: {
        ...questions,
        cause: {
          ...questions.cause,
          ask: (facts) => {
            if (facts.event.type === "dropped" && questions.cause.ask(facts) === "unknown")
              throw new TypeError("unknown cause");
            return questions.cause.ask(facts);
          },
        },
      },
    },
  },
  {
    name: "an action writes into the snapshot that it was given",
    caughtBy: "it never throws",
    parts: act("refreshCode", (work) => {
      Object.assign(work.draft.pairing ?? {}, { expiresAtMs: work.context.nowMs });
      actions.refreshCode(work);
    }),
  },
  {
    name: "an opening does not give up the older one",
    caughtBy: generations,
    parts: act("open", ({ draft, effects }) => {
      draft.generation += 1;
      effects.push({ type: "open", generation: draft.generation, pairing: draft.pairingConsumer });
      delete draft.timers.reconnectDue;
    }),
  },
  {
    name: "a pause leaves the opening alive",
    caughtBy: generations,
    parts: {
      enter: (work, to) => {
        const { generation } = work.draft;
        enterState(work, to);
        work.draft.generation = generation;
        work.effects.length = 0;
      },
    },
  },
  { name: "connecting has no deadline", caughtBy: timers, parts: act("armConnect", () => {}) },
  { name: "a lost connection schedules no attempt", caughtBy: timers, parts: act("armReconnect", () => {}) },
  {
    name: "a proof of life arms no next deadline",
    caughtBy: timers,
    parts: act("prove", ({ draft }) => delete draft.timers.livenessDue),
  },
  { name: "a restored session is never tried", caughtBy: timers, parts: act("armRestored", () => {}) },
  {
    name: "a closing has no deadline",
    caughtBy: timers,
    parts: act("closeToTerminate", ({ draft, effects }) => {
      draft.closingGoal = "terminate";
      effects.push({ type: "closeRemote", generation: draft.generation, goal: "terminate" });
    }),
  },
  {
    name: "timers of the old state stay armed",
    caughtBy: timers,
    parts: {
      enter: (work, to) => {
        const kept = work.draft.timers;
        enterState(work, to);
        work.draft.timers = { ...kept, ...work.draft.timers };
      },
    },
  },
  {
    name: "a delay is stored instead of an instant",
    caughtBy: timers,
    parts: act("armConnect", ({ draft, context }) => {
      draft.timers.connectDeadline = context.timings.connectDeadlineMs;
    }),
  },
  { name: "sessions revive whatever was asked", caughtBy: intent, parts: answer("intent", "wanted") },
  {
    name: "a webhook revives a session after its logout",
    caughtBy: intent,
    parts: without("opened.unprompted", "wanted"),
  },
  {
    name: "a lost connection is restored although it should be offline",
    caughtBy: intent,
    parts: without("reconnectDue.inside", "wanted"),
  },
  {
    name: "an observation sets the intent",
    caughtBy: "only a command sets the intent",
    parts: changeRow("opened", {
      then: ["wantOnline", ...(transitionTable.find((row) => row.id === "opened")?.then ?? [])],
    }),
  },
  {
    name: "any account will do",
    caughtBy: "never connected with another account than the expected one",
    parts: answer("identity", "ok"),
  },
  {
    name: "the account is checked on the first proof only",
    caughtBy: "never connected with another account than the expected one",
    parts: {
      rows: transitionTable
        .map((row) => (row.id === "opened.again" ? { ...row, when: [] } : row))
        .map((row) =>
          row.id === "opened.mismatch" ? { ...row, from: row.from.filter((state) => state !== "connected") } : row,
        ),
    },
  },
  { name: "the same drop counts twice", caughtBy: repeated, parts: answer("retry", "idle") },
  {
    name: "an expired code is refreshed each time it is mentioned",
    caughtBy: repeated,
    parts: answer("code", "valid"),
  },
  {
    name: "credentials are wiped with the request",
    caughtBy: wiped,
    parts: changeRow("logout", { then: ["wantOffline", "closeToUnlink", "wipeCredentials"] }),
  },
  {
    name: "credentials are wiped when no acknowledgement came",
    caughtBy: wiped,
    parts: changeRow("closeDeadline.unlink", { then: ["byCaller", "wipeCredentials"] }),
  },
  {
    name: "credentials are wiped when the provider ended it by itself",
    caughtBy: wiped,
    parts: changeRow("notFound", { then: ["wipeCredentials"] }),
  },
  {
    name: "a logout counts as the end that was asked for",
    caughtBy: wiped,
    parts: without("closing.unlinked", "goalUnlink"),
  },
  {
    name: "the consumer is kept when connected",
    caughtBy: nobody,
    parts: {
      enter: (work, to) => {
        const { pairingConsumer } = work.draft;
        enterState(work, to);
        work.draft.pairingConsumer = pairingConsumer;
      },
    },
  },
  { name: "codes are shown although nobody watches", caughtBy: nobody, parts: answer("consumer", "present") },
  {
    name: "a figure of the snapshot is lost",
    caughtBy: "every snapshot is of this version, in a known state, and survives storage",
    parts: act("countAttempt", ({ draft }) => {
      draft.attempt = Number.NaN;
    }),
  },
];
