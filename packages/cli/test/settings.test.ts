import { describe, expect, it } from "vitest";
import { storePath } from "../src/settings.js";

describe("the store's place", () => {
  it("is what --store says, then COLLOQUY_STORE, then the user's data folder", () => {
    const environment = { COLLOQUY_STORE: "from-environment.db", XDG_DATA_HOME: "data" };
    expect(storePath({ store: "given.db" }, environment, "home")).toBe("given.db");
    expect(storePath({}, environment, "home")).toBe("from-environment.db");
    expect(storePath({}, { XDG_DATA_HOME: "data" }, "home")).toBe("data/colloquy/colloquy.db");
    expect(storePath({}, {}, "home")).toBe("home/.local/share/colloquy/colloquy.db");
  });
});
