import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as published from "../../packages/emulator/test/support/published-client.js";
import { wasender } from "../../packages/providers/wasender/src/index.js";

const page = readFileSync(new URL("../../docs/migrations/from-wasenderapi.md", import.meta.url), "utf8");
/** First and second column of every table. */
const rows = [...page.matchAll(/^\| (.+?) \| (.+?) \|/gm)].map(([, old = "", ours = ""]) => ({ old, ours }));

const hidden = new Set([
  "parseRateLimitHeaders",
  "request",
  "postInternal",
  "getInternal",
  "putInternal",
  "deleteInternal",
]);

describe("the guide from wasenderapi", () => {
  it("has a row for every method of the old client", () => {
    const methods = Object.getOwnPropertyNames(published.Wasender.prototype).filter(
      (name) => name !== "constructor" && !hidden.has(name),
    );
    expect(methods).toHaveLength(47);
    for (const method of methods)
      expect(
        rows.filter(({ old }) => old.includes(`\`${method}(`)),
        method,
      ).not.toEqual([]);
  });

  it("names every other export of the old package", () => {
    for (const name of published.exportNames) expect(page).toContain(name);
  });

  it("names only operations that exist", () => {
    const known = new Set(
      Object.values(wasender().operations).flatMap((verbs) => Object.values(verbs).map(({ name }) => name)),
    );
    const named = [...page.matchAll(/\b(?:api|account)\.(\w+\.\w+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(30);
    for (const name of named) expect(known, name).toContain(name);
  });
});
