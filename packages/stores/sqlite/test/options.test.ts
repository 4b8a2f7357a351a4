import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { sqliteStore } from "../src/index.js";
import { settingsOf } from "../src/options.js";

const wrongOptions: Readonly<Record<string, Parameters<typeof sqliteStore>[0]>> = {
  "an empty path": "",
  "a path that is no text": { path: 5 as never },
  "a database in memory": ":memory:",
  "a path with a NUL": "a\0b",
  "an empty key": { path: "a.db", secretKey: "" },
  "an unknown durability": { path: "a.db", durability: "paranoid" as never },
  "a negative busy timeout": { path: "a.db", busyTimeoutMs: -1 },
  "a busy timeout that is no whole number": { path: "a.db", busyTimeoutMs: 0.5 },
};

describe("the options of sqliteStore", () => {
  for (const [what, options] of Object.entries(wrongOptions))
    test(`refuse ${what} at once, before anything is touched`, () => {
      expect(() => sqliteStore(options)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    });

  test("are completed with the defaults, and the path is fixed to where the process stands now", () => {
    expect(settingsOf("a.db", {})).toEqual({
      path: resolve("a.db"),
      secretKey: undefined,
      durability: "normal",
      searchIndex: "at_once",
      corruptFile: "leave",
      busyTimeoutMs: 10_000,
      driver: undefined,
      now: expect.any(Function),
    });
  });

  test("take the key from COLLOQUY_SECRET_KEY unless one is given; an empty variable is none", () => {
    expect(settingsOf("a.db", { COLLOQUY_SECRET_KEY: "of the environment" }).secretKey).toBe("of the environment");
    expect(
      settingsOf({ path: "a.db", secretKey: "given" }, { COLLOQUY_SECRET_KEY: "of the environment" }).secretKey,
    ).toBe("given");
    expect(settingsOf("a.db", { COLLOQUY_SECRET_KEY: "" }).secretKey).toBeUndefined();
  });

  test("decide what the manifest promises", () => {
    expect(sqliteStore("a.db").manifest).toEqual({
      name: "sqlite",
      durability: "process",
      shared: true,
      encryptsSecrets: false,
      keepsTranscripts: true,
    });
    expect(sqliteStore({ path: "a.db", durability: "full", secretKey: "made-up" }).manifest).toMatchObject({
      durability: "power",
      encryptsSecrets: true,
    });
  });
});
