import { storeSuite } from "@colloquy/conformance";
import { memoryStore } from "@colloquy/core";
import { describe, test } from "vitest";

describe("the memory store", () => {
  storeSuite({ test, factory: async () => ({ store: memoryStore() }), manifest: memoryStore().manifest });
});
