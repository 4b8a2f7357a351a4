import { describe, expect, it } from "vitest";
import { offences } from "../lib/text-rules.js";

// Put together at run time, so that this file does not offend.
const slash = "/";
const joined = (...parts: string[]) => parts.join("");
const offending: Record<string, string> = {
  "path of one machine": `see ${slash}home${slash}somebody/notes`,
  "registry host": `https:${slash}/registry.example.com/package`,
  "unfinished work": joined("// TO", "DO: later"),
  "focused test": joined("it", ".only", "(x)"),
  "merge conflict": `${"<".repeat(7)} ours`,
};

describe("offences", () => {
  it.each(Object.entries(offending))("name a %s", (rule, text) => {
    expect(offences(`fine\n${text}`)).toEqual([{ line: 2, rule }]);
  });

  it("leave web addresses and ordinary words alone", () => {
    const fine = [
      ["https://example.com", "home", "page"].join("/"),
      "registry.get(id)",
      [".", "work", "file.ts"].join("/"),
      "todos",
      "only(",
    ];
    expect(offences(fine.join("\n"))).toEqual([]);
  });
});
