import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const examples = readdirSync(folder).filter((name) => /^\d\d-.*\.ts$/.test(name));
const run = promisify(execFile);

describe("examples", () => {
  it.each(examples)("%s runs against the emulator", async (name) => {
    const { stdout } = await run(process.execPath, ["--conditions=@colloquy/source", "--import", "tsx", name], {
      cwd: folder,
      env: { ...process.env, REGENERATE_KEY: "yes" },
    });
    expect(stdout).not.toBe("");
  });
});
