import { readFileSync } from "node:fs";
import { errorCatalogue } from "@colloquy/core/contract";
import { describe, expect, it } from "vitest";
import { repositoryFiles } from "../lib/files.js";

const read = (isWanted: (path: string) => boolean): string =>
  repositoryFiles()
    .filter((path) => path.startsWith("packages/") && path.endsWith(".ts") && isWanted(path))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
const tests = read((path) => /\.test\.ts$|-cases\.ts$/.test(path));
const sources = read(
  (path) => path.includes("/src/") && !path.endsWith("contract/error-codes.ts") && !path.endsWith("/causes.ts"),
);

describe("error codes", () => {
  it.each(Object.keys(errorCatalogue))("%s is thrown somewhere, and some test sees it", (code) => {
    // Compared as booleans: the texts are far too long to print.
    expect({ isThrown: sources.includes(`"${code}"`), isTested: tests.includes(`"${code}"`) }).toEqual({
      isThrown: true,
      isTested: true,
    });
  });
});
