import { sharedBudgetSuite } from "@colloquy/conformance";
import { localBudget } from "@colloquy/core";
import { virtualClock } from "@colloquy/core/testing";
import { describe, test } from "vitest";

describe("the budget of one process", () => {
  sharedBudgetSuite({
    test,
    name: "local",
    factory: async () => {
      const clock = virtualClock();
      let budget = localBudget(clock);
      return {
        budget: () => ({ name: "local", exchange: (call) => budget.exchange(call), close: async () => {} }),
        elapse: (ms) => clock.advance(ms),
        forget: async () => void (budget = localBudget(clock)),
      };
    },
  });
});
