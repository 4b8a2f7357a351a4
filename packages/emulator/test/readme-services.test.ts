import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { atlusDialShape } from "../src/atlus/dials.js";
import { atlusScenarios, modelScenarios, orgScenarios } from "../src/index.js";
import { modelDialShape } from "../src/models/dials.js";
import { orgDialShape } from "../src/org/dials.js";

describe("the README on ATLUS, the organisation's servers and the models", () => {
  // The formatter pads the columns of tables.
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8").replaceAll(/ +/g, " ");

  it("names every scenario with its description, and every dial", () => {
    for (const [name, { description }] of [atlusScenarios, orgScenarios, modelScenarios].flatMap(
      Object.entries<{ description: string }>,
    ))
      expect(readme).toContain(`| \`${name}\` | ${description} |`);
    for (const name of [...Object.keys(atlusDialShape), ...Object.keys(orgDialShape), ...Object.keys(modelDialShape)])
      expect(readme).toContain(`| \`${name}\` |`);
  });
});
