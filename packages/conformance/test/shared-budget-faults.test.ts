import { sharedBudgetSuite } from "@colloquy/conformance";
import { describe, expect, test } from "vitest";
import { type Fault, subjectWith } from "./shared-budget-faults/fault.js";
import { sharedBudgetFaults } from "./shared-budget-faults/faults.js";

/** Every test of the suite by its title, for a budget with the given fault, as a runner would register them. */
function testsFor(fault: Partial<Fault>): ReadonlyMap<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  sharedBudgetSuite({
    test: (title, run) => tests.set(title, run),
    factory: async () => subjectWith(fault),
    name: "tampered",
  });
  return tests;
}

describe("the suite of shared budgets finds a budget that", () => {
  for (const fault of sharedBudgetFaults)
    for (const title of fault.fails)
      test(`${fault.name}, by "${title}"`, async () => {
        const run = testsFor(fault).get(title);
        expect(run, "the suite has a test of this title").toBeDefined();
        await expect(run?.()).rejects.toBeInstanceOf(Error);
      });
});

describe("the suite of shared budgets", () => {
  test("passes a budget without a fault", async () => {
    for (const [title, run] of testsFor({})) await expect(run(), title).resolves.toBeUndefined();
  });

  test("has a known fault for each of its tests, so that none of them is idle", () => {
    const found = new Set(sharedBudgetFaults.flatMap(({ fails }) => fails));
    expect([...testsFor({}).keys()].filter((title) => !found.has(title))).toEqual([]);
  });

  test("skips what needs forgetting for a budget that cannot, and nothing else, and tells so", () => {
    const lines: string[] = [];
    const options = { test: () => {}, factory: async () => subjectWith({}), name: "tampered" };
    const everything = sharedBudgetSuite(options);
    const { titles, skipped } = sharedBudgetSuite({
      ...options,
      canForget: false,
      announce: (line) => lines.push(line),
    });
    expect(everything.skipped).toEqual([]);
    expect(skipped).toHaveLength(2);
    expect(lines).toEqual(skipped.map((title) => `SKIP tampered: ${title} (the budget cannot forget)`));
    expect([...titles, ...skipped].toSorted()).toEqual(everything.titles.toSorted());
    expect(new Set(everything.titles).size).toBe(everything.titles.length);
  });

  test("removes the place and closes its handles after a test that failed", async () => {
    let disposals = 0;
    let closings = 0;
    const failing = new Map<string, () => Promise<void>>();
    sharedBudgetSuite({
      test: (title, run) => failing.set(title, run),
      name: "tampered",
      factory: async () => ({
        ...subjectWith({}),
        budget: () => ({
          name: "broken",
          exchange: () => Promise.reject(new Error("broken")),
          close: async () => void closings++,
        }),
        dispose: async () => void disposals++,
      }),
    });
    await expect(failing.get("gives no more than was wanted")?.()).rejects.toThrow("broken");
    expect({ disposals, closings }).toEqual({ disposals: 1, closings: 1 });
  });
});
