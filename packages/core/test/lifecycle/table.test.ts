import { describe, expect, it } from "vitest";
import type { SessionState } from "../../src/contract/index.js";
import { actions } from "../../src/lifecycle/actions.js";
import { guards, type QuestionName, questions } from "../../src/lifecycle/guards.js";
import {
  eventKinds,
  eventTypes,
  isFinal,
  nonFinalStates,
  sessionStates,
  stateKinds,
} from "../../src/lifecycle/kinds.js";
import { transitionTable } from "../../src/lifecycle/table.js";
import { timerRules } from "../../src/lifecycle/timers.js";
import { type Answers, ambiguities, openCases } from "./table-analysis.js";

describe("the transition table", () => {
  it("knows fourteen states of three kinds", () => {
    expect(sessionStates).toHaveLength(14);
    expect(sessionStates.filter((state) => stateKinds[state] === "active")).toHaveLength(6);
    expect(sessionStates.filter(isFinal)).toEqual(["completed", "rejected", "expired", "failed", "terminated"]);
  });

  it("gives every row an id of its own", () => {
    const ids = transitionTable.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("never has two rows for one case", () => {
    expect(ambiguities(transitionTable)).toEqual([]);
  });

  it("notices when a guard is taken away and two rows match", () => {
    const loosened = transitionTable.map((row) =>
      row.id === "dropped.unwanted" ? { ...row, when: ["unwanted" as const] } : row,
    );
    expect(ambiguities(loosened)).toContain("pairing dropped: dropped.fatal + dropped.unwanted");
  });

  it("leads out of a final state by `restart` only, and out of `terminated` not at all", () => {
    const leaving = transitionTable.filter((row) => row.from.some(isFinal));
    expect(leaving.map((row) => row.id)).toEqual(["restart"]);
    expect(leaving[0]?.from).not.toContain("terminated");
  });

  it("lets every session that has not ended be closed until it is terminated", () => {
    const closing = transitionTable.filter((row) => row.on.includes("close") && row.to === "closing");
    const closable = new Set(closing.flatMap((row) => row.from));
    expect(nonFinalStates.filter((state) => !closable.has(state))).toEqual([]);
    expect(transitionTable.find((row) => row.id === "closeDeadline.terminate")).toMatchObject({
      from: ["closing"],
      to: "terminated",
    });
  });

  it("answers every timer that a state may arm, whatever the guards say", () => {
    // A pause ends by itself only while the session is wanted: otherwise the timer is not armed.
    const armedOnlyWhen: Partial<Record<string, Answers>> = { "suspended resumeDue": { intent: ["wanted"] } };
    const armed: [SessionState, string][] = [
      ...timerRules.map((rule): [SessionState, string] => [rule.in, rule.timer]),
      ...nonFinalStates.map((state): [SessionState, string] => [state, "ttlDue"]),
    ];
    const unanswered = armed.flatMap(([state, timer]) =>
      openCases(transitionTable, state, timer, armedOnlyWhen[`${state} ${timer}`] ?? {}).map((answers) => ({
        state,
        timer,
        answers,
      })),
    );
    expect(unanswered).toEqual([]);
  });

  it("notices when a timer is left without an answer", () => {
    const holed = transitionTable.filter((row) => row.id !== "connectDeadline.unwanted");
    expect(openCases(holed, "connecting", "connectDeadline", {})).toEqual([{ intent: "unwanted" }]);
  });

  it("uses every guard, every answer of a question and every action", () => {
    const usedGuards = new Set(transitionTable.flatMap((row) => row.when));
    const usedActions = new Set(transitionTable.flatMap((row) => row.then));
    expect(Object.keys(guards).filter((name) => !usedGuards.has(name as keyof typeof guards))).toEqual([]);
    expect(Object.keys(actions).filter((name) => !usedActions.has(name as keyof typeof actions))).toEqual([]);
    const unknownAnswers = Object.values(guards).flatMap(({ question, accepts }) =>
      accepts.filter((given) => !questions[question].answers.includes(given)),
    );
    expect(unknownAnswers).toEqual([]);
    const asked = new Set(Object.values(guards).map((guard) => guard.question));
    expect(Object.keys(questions).filter((name) => !asked.has(name as QuestionName))).toEqual([]);
  });

  it("has a row for every event, but for the two that are for the record only", () => {
    const used = new Set(transitionTable.flatMap((row) => row.on));
    expect(eventTypes.filter((type) => !used.has(type))).toEqual(["challengeProgress", "unknownStatus"]);
    expect(eventKinds.unknownStatus).toBe("observation");
  });
});
