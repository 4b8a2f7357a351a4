import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { atlusDialShape } from "../src/atlus/dials.js";
import { atlusScenarios, orgScenarios } from "../src/index.js";
import { orgDialShape } from "../src/org/dials.js";

describe("the README on ATLUS and the organisation's servers", () => {
  // The formatter pads the columns of tables.
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8").replaceAll(/ +/g, " ");

  it("names every scenario with its description, and every dial", () => {
    for (const [name, { description }] of [...Object.entries(atlusScenarios), ...Object.entries(orgScenarios)])
      expect(readme).toContain(`| \`${name}\` | ${description} |`);
    for (const name of [...Object.keys(atlusDialShape), ...Object.keys(orgDialShape)])
      expect(readme).toContain(`| \`${name}\` |`);
  });
});
