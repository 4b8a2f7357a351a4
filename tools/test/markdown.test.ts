import { describe, expect, it } from "vitest";
import { replaceGenerated, snippets } from "../lib/markdown.js";

const fence = "```";

describe("snippets", () => {
  it("are the ts blocks, with the line their code begins at", () => {
    const page = ["# Title", `${fence}ts`, "const a = 1;", fence, `${fence}sh`, "ls", fence].join("\n");
    expect(snippets(page)).toEqual([{ line: 3, code: "const a = 1;" }]);
  });

  it("lose the indent of the list item they stand in", () => {
    const page = [`  ${fence}ts`, "  if (a) {", "    b();", "  }", `  ${fence}`].join("\n");
    expect(snippets(page)[0]?.code).toBe("if (a) {\n  b();\n}");
  });

  it("are not found inside a longer fence", () => {
    expect(snippets(["````md", `${fence}ts`, "x", fence, "````"].join("\n"))).toEqual([]);
  });

  it("carry the reason for not checking them, empty when none was given", () => {
    const page = [`${fence}ts ignore=needs a phone`, "x", fence, `${fence}ts ignore`, "y", fence].join("\n");
    expect(snippets(page).map(({ ignore }) => ignore)).toEqual(["needs a phone", ""]);
  });
});

describe("replaceGenerated", () => {
  const page = "a\n<!-- generated:x -->\nold\n<!-- /generated:x -->\nb\n";

  it("changes only what is between the markers, and settles at once", () => {
    const once = replaceGenerated(page, "x", "new");
    expect(once).toBe("a\n<!-- generated:x -->\n\nnew\n\n<!-- /generated:x -->\nb\n");
    expect(replaceGenerated(once, "x", "new")).toBe(once);
  });

  it("refuses a page without its markers", () => {
    expect(() => replaceGenerated(page, "y", "new")).toThrow("exactly one pair");
  });
});
