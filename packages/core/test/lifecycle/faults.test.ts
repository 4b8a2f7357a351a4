import { describe, expect, it } from "vitest";
import { createTransition, type TransitionFunction } from "../../src/lifecycle/transition.js";
import { faults } from "./faults.js";
import { invariants } from "./invariants.js";
import { chosenSeed, walk } from "./walk.js";

const seed = chosenSeed();
const steps = 60_000;

/** Faults in what the reducer answers when it does nothing cannot be put into a row, so they wrap the whole. */
const wrapped: Readonly<Record<string, TransitionFunction>> = {
  "a command that does not apply passes in silence": (...input) => {
    const result = createTransition()(...input);
    return result.disposition === "refused" ? { ...result, disposition: "recorded" } : result;
  },
  "an observation that does not apply is refused": (...input) => {
    const result = createTransition()(...input);
    return result.disposition === "recorded" ? { ...result, disposition: "refused" } : result;
  },
};
/** It is broken by the second fault, too; which of the two a walk meets first depends on the seed. */
const abandoned = "what an abandoned opening reports moves nothing and is recorded";
const wrapper = "what does not apply is refused when it is a command, otherwise recorded, and leaves the same snapshot";

describe(`a fault in the lifecycle is caught (COLLOQUY_SEED=${seed})`, { timeout: 60_000 }, () => {
  it.each(faults.map((fault) => [fault.name, fault] as const))("%s", (_name, fault) => {
    expect(walk(seed, steps, createTransition(fault.parts)).violation?.invariant).toBe(fault.caughtBy);
  });

  it.each(Object.entries(wrapped))("%s", (_name, transition) => {
    expect([wrapper, abandoned]).toContain(walk(seed, steps, transition).violation?.invariant);
  });

  it("and no invariant goes without a fault that it catches", () => {
    const caught = new Set<string>([...faults.map((fault) => fault.caughtBy), wrapper]);
    expect(Object.keys(invariants).filter((name) => !caught.has(name))).toEqual([]);
  });
});
