import { providerSuite } from "@colloquy/conformance";
import { referenceProvider, ScriptedLines } from "@colloquy/core/testing";
import { describe, test } from "vitest";
import { referenceWorld } from "./reference-world.js";

describe("the reference provider", () => {
  const provider = referenceProvider({
    baseUrl: "http://127.0.0.1:1",
    personalAccessToken: "pat_made_up",
    connect: new ScriptedLines().facet,
  });
  providerSuite({ test, name: "reference", provider, harness: referenceWorld });
});
