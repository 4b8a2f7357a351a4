import { describe, expect, it } from "vitest";
import { transitionTable } from "../../src/lifecycle/table.js";
import { rowScenarios } from "./row-scenarios.js";
import { play } from "./setting.js";

describe("each row of the transition table", () => {
  it.each(transitionTable.map((row) => row.id))("%s is taken by a scenario", (id) => {
    const scenario = rowScenarios.find(({ row }) => row === id);
    if (!scenario) throw new Error(`No scenario takes the row ${id}.`);
    const played = play(scenario.steps, scenario.context ? { context: scenario.context } : {});
    expect({
      row: played.row,
      disposition: played.disposition,
      to: played.snapshot.state,
      reason: played.snapshot.reason,
      effects: played.effects.map((effect) => effect.type),
    }).toEqual({
      row: id,
      disposition: scenario.disposition ?? "applied",
      to: scenario.to,
      reason: scenario.reason,
      effects: scenario.effects ?? [],
    });
    expect(played.changedState).toBe(played.before.state !== scenario.to);
  });

  it("has no scenario for a row that is gone", () => {
    const ids = new Set(transitionTable.map((row) => row.id));
    expect(rowScenarios.filter(({ row }) => !ids.has(row))).toEqual([]);
  });
});
