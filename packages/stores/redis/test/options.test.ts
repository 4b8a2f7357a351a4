import { isColloquyError } from "@colloquy/core";
import { describe, expect, test } from "vitest";
import { type RedisBudgetOptions, redisBudget } from "../src/index.js";

function failureOf(options: unknown): unknown {
  try {
    redisBudget(options as RedisBudgetOptions);
  } catch (error) {
    return error;
  }
  return expect.fail("it was taken");
}

describe("a budget in Redis", () => {
  test.each([
    ["neither an address nor a client", {}],
    ["both", { url: "redis://127.0.0.1", client: {} }],
    ["an address of something else", { url: "http://127.0.0.1" }],
    ["an address that is none", { url: "somewhere" }],
    ["a prefix with braces", { url: "redis://127.0.0.1", prefix: "{a}" }],
    ["a timeout of nothing", { url: "redis://127.0.0.1", commandTimeoutMs: 0 }],
  ])("does not take %s", (_name, options) => {
    const error = failureOf(options);
    expect(isColloquyError(error) && error.code).toBe("CONFIG_INVALID");
  });

  test("does not repeat the password of an address", () => {
    expect(String(failureOf({ url: "http://user:canary-password@127.0.0.1" }))).not.toContain("canary");
  });

  test("touches the network at its first call only, and fails at once where nobody listens", async () => {
    // Port 1 is never given out.
    const budget = redisBudget({ url: "redis://127.0.0.1:1" });
    const call = {
      ...{ key: "k", holder: "h", turn: 1, rules: [{ limit: 1, windowMs: 1 }] },
      ...{ newEpoch: "e", holds: [], counted: [], wanted: 1 },
    };
    await expect(budget.exchange(call)).rejects.toThrow(/closed|refused|writeable/i);
    await expect(budget.exchange({ ...call, turn: 2 })).rejects.toThrow(/closed|refused|writeable/i);
    await budget.close();
  });
});
