import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ssmScenarios } from "../../src/index.js";
import { ssmDocuments } from "../../src/ssm/agent/documents.js";
import { ssmOperations } from "../../src/ssm/api/operations.js";
import { defaultSsmDials } from "../../src/ssm/dials.js";

describe("the README's part on SSM", () => {
  // The formatter pads the columns of tables.
  const whole = readFileSync(new URL("../../README.md", import.meta.url), "utf8").replaceAll(/ +/g, " ");
  const readme = whole.slice(whole.indexOf("## SSM"));

  it("names every scenario with its description, and every dial, document and operation", () => {
    for (const [name, { description }] of Object.entries(ssmScenarios)) {
      expect(readme).toContain(`| \`${name}\` | ${description} |`);
    }
    for (const name of Object.keys(defaultSsmDials())) expect(readme).toContain(`| \`${name}\` |`);
    for (const name of Object.keys(ssmDocuments)) expect(readme).toContain(`\`${name}\``);
    for (const name of Object.keys(ssmOperations)) expect(readme).toContain(`\`${name.split(".")[1]}\``);
  });
});
