import type { InterpretContext } from "@colloquy/core/contract";
import { describe, expect, it } from "vitest";
import { interpret, statusWords } from "../src/index.js";

const context = (state: InterpretContext["state"]): InterpretContext => ({ state, intent: "online", pairing: false });
const types = (word: string, state: InterpretContext["state"]): string[] =>
  interpret({ source: "connection", word }, context(state)).map(({ type }) => type);

describe("what a status means for the lifecycle", () => {
  it.each([
    ["Created", "created", []],
    ["Connecting", "connecting", []],
    ["Connecting", "connected", ["healthChanged"]],
    ["Connected", "connecting", ["opened"]],
    ["Connected", "connected", ["opened", "healthChanged"]],
    ["Disconnected", "connected", ["dropped"]],
    ["Terminating", "connected", ["healthChanged"]],
    ["Terminating", "closing", []],
    ["Terminated", "connected", ["remoteClosed"]],
    ["Failed", "connecting", ["failedRemote"]],
    ["Toast", "connected", ["unknownStatus"]],
    ["constructor", "connected", ["unknownStatus"]],
  ] as const)("%s while %s", (word, state, expected) => {
    expect(types(word, state)).toEqual(expected);
  });

  it("covers every word that a session of this package says", () => {
    expect(statusWords).toEqual([
      "created",
      "connecting",
      "connected",
      "disconnected",
      "terminating",
      "terminated",
      "failed",
    ]);
  });

  it("keeps the reason of a failure", () => {
    expect(
      interpret(
        { source: "connection", word: "Failed", details: { reason: "NETWORK_UNREACHABLE" } },
        context("connected"),
      ),
    ).toEqual([{ type: "failedRemote", reason: "NETWORK_UNREACHABLE" }]);
  });
});
