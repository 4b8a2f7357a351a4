import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { wasenderRoutes, wasenderScenarios } from "../src/index.js";
import { defaultDials } from "../src/wasender/dials.js";
import { allEvents } from "./support/stage.js";

describe("the README", () => {
  // The formatter pads the columns of tables.
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8").replaceAll(/ +/g, " ");

  it("names every scenario with its description, and every dial", () => {
    for (const [name, { description }] of Object.entries(wasenderScenarios)) {
      expect(readme).toContain(`| \`${name}\` | ${description} |`);
    }
    for (const name of Object.keys(defaultDials())) expect(readme).toContain(`| \`${name}\` |`);
  });

  it("names every webhook event, and counts the routes", () => {
    for (const event of allEvents) expect(readme).toContain(`\`${event}\``);
    expect(readme).toContain(`all ${wasenderRoutes.length} routes`);
  });
});
