import { isColloquyError } from "@colloquy/core";
import { describe, expect, test } from "vitest";
import { natsBudget, natsStore } from "../src/index.js";
import { idOf, tokenOf } from "../src/names.js";
import { settingsOf } from "../src/options.js";

function failureOf(make: (options: never) => unknown, options: unknown): unknown {
  try {
    make(options as never);
  } catch (error) {
    return error;
  }
  return expect.fail("it was taken");
}

describe("the options of a store and a budget in NATS", () => {
  test.each([
    ["neither an address nor a connection", {}],
    ["both", { servers: "127.0.0.1", connection: {} }],
    ["an address of something else", { servers: "http://127.0.0.1" }],
    ["no address at all", { servers: [] }],
    ["a prefix with a dot", { servers: "127.0.0.1", prefix: "a.b" }],
    ["two replicas", { servers: "127.0.0.1", replicas: 2 }],
    ["a timeout of nothing", { servers: "127.0.0.1", timeoutMs: 0 }],
  ])("refuse %s", (_name, options) => {
    for (const make of [natsStore, natsBudget]) {
      const error = failureOf(make, options);
      expect(isColloquyError(error) && error.code).toBe("CONFIG_INVALID");
    }
  });

  test("take the login out of an address, and never repeat it", () => {
    const options = { timeoutMs: 1, environment: {} };
    const { servers, login } = settingsOf("natsStore", { servers: "nats://me:p%40ss@a:4222, nats://b" }, options);
    expect([servers, login]).toEqual([["nats://a:4222", "nats://b"], { user: "me", pass: "p@ss", token: undefined }]);
    expect(settingsOf("natsStore", { servers: "nats://t0ken@a" }, options).login.token).toBe("t0ken");
    expect(String(failureOf(natsStore, { servers: "http://user:canary@a" }))).not.toContain("canary");
  });

  test("write any id as one token of a subject, and read it back", () => {
    for (const id of ["", "ses_1", "a.b", "a*>", "a b", "\ud800", "=", "👩‍👩‍👧", "="]) {
      expect(tokenOf(id)).toMatch(/^[\w=-]+$/);
      expect(idOf(tokenOf(id))).toBe(id);
    }
  });
});
