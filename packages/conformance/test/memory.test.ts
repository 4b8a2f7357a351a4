import { storeSuite } from "@colloquy/conformance";
import { memoryStore } from "@colloquy/core";
import { virtualClock } from "@colloquy/core/testing";
import { describe, test } from "vitest";

describe("the memory store", () => {
  storeSuite({
    test,
    async factory() {
      const clock = virtualClock();
      return { store: memoryStore({ clock }), passTime: (ms) => clock.advance(ms) };
    },
    manifest: memoryStore().manifest,
  });
});
