import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { fromSources, sourceProgram } from "./source-program.js";

const folder = fileURLToPath(new URL(".", import.meta.url));
const examples = readdirSync(folder).filter((name) => /^\d\d-.*\.ts$/.test(name));
const run = promisify(execFile);

const options = { cwd: folder, env: { ...process.env, REGENERATE_KEY: "yes" } };

// Each on a port and with files of its own, and mostly waiting.
describe("examples", { concurrent: true }, () => {
  it.each(examples)("%s runs against the emulator", async (name) => {
    const { file, execArgv } = sourceProgram(new URL(name, import.meta.url));
    const { stdout } = await run(process.execPath, [...execArgv, file], options);
    expect(stdout).not.toBe("");
  });

  it("run without anything built, as the README says", async () => {
    const { stdout } = await run(process.execPath, [...fromSources, "01-send-text.ts"], options);
    expect(stdout).not.toBe("");
  });
});
