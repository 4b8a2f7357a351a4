import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./support/terminal.js";

const folder = mkdtempSync(join(tmpdir(), "colloquy-usage-"));
const environment = { COLLOQUY_STORE: join(folder, "colloquy.db") };
const wrongFile = join(folder, "messages.ndjson");

// Reading every provider's sources for the first time takes a while on a loaded machine.
beforeAll(async () => {
  await run(["explain", "Nobody"], { environment });
  await run(["emulator", "--scenarios"], { environment });
}, 60_000);
beforeAll(() => writeFileSync(wrongFile, '{"to":"+15550101","text":"fine"}\n{"to":"+15550187","txt":"canary text"}\n'));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a wrong command line", () => {
  it.each([
    ["no command", []],
    ["an unknown command", ["dance"]],
    ["an unknown option", ["status", "--loud"]],
    ["an unknown provider", ["pair", "carrier-pigeon", "--name", "A", "--phone", "+15550100"]],
    ["nothing to send", ["send", "Shop"]],
    ["two ways to send", ["send", "Shop", "--resume", "--discard"]],
    ["a wrong duration", ["send", "Shop", "--to", "+15550101", "--text", "x", "--timeout", "soon"]],
    ["a wrong port", ["emulator", "--port", "x"]],
    ["an unknown scenario", ["emulator", "--scenario", "sunny"]],
    ["a session that is not there", ["explain", "Nobody"]],
    ["an unknown model", ["chat", "--model", "parrot"]],
    ["two conversations at once", ["chat", "Garden", "--continue"]],
    ["a question that is not there", ["asks", "resume", "nothing"]],
    ["a wrong condition", ["conversations", "list", "--where", "team"]],
    ["a wrong policy", ["oblix", "import", ".", "--on-conflict", "guess"]],
  ] as const)("ends with 7 and one line each of what and what to do: %s", async (_what, args) => {
    const { exitCode, stdout, stderr } = await run(args, { environment });
    expect(exitCode).toBe(7);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error: .+\n +do: .+\n$/);
    expect(stderr).not.toContain("    at ");
  });

  it("is told as one JSON object with --json", async () => {
    const { exitCode, stdout, stderr } = await run(["send", "Nobody", "--to", "+15550101", "--text", "x", "--json"], {
      environment,
    });
    expect(exitCode).toBe(7);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      exitCode: 7,
      error: {
        code: "SESSION_NOT_FOUND",
        outcome: "not_attempted",
        userAction: expect.stringContaining("sessions list"),
      },
    });
  });

  it("names the line and the field of a wrong message, never what it holds", async () => {
    const { exitCode, stderr } = await run(["send", "Shop", "--file", wrongFile], { environment });
    expect(exitCode).toBe(7);
    expect(stderr).toContain("Line 2");
    expect(stderr).toContain("txt");
    expect(stderr).not.toContain("canary");
    expect(stderr).not.toContain("15550187");
  });

  it("shows the stack with --debug only", async () => {
    const { stderr } = await run(["explain", "Nobody", "--debug"], { environment });
    expect(stderr).toContain("    at ");
  });
});

describe("a command line without a terminal", () => {
  it.each([
    ["pair", ["pair", "wasender"], "--name"],
    ["sessions create", ["sessions", "create", "wasender", "--name", "Shop"], "--phone"],
  ] as const)("%s asks nobody and names the missing option", async (_command, args, option) => {
    for (const more of [[], ["--json"], ["--events"]]) {
      const { exitCode, stdout, stderr, stdinReads } = await run([...args, ...more], { environment });
      expect(exitCode).toBe(7);
      expect(stdout + stderr).toContain(option);
      expect(stdinReads).toBe(0);
    }
  });
});

describe("help and version", () => {
  it("are no failures", async () => {
    const help = await run(["--help"]);
    expect(help.exitCode).toBe(0);
    for (const command of [
      "demo",
      "emulator",
      "pair",
      "sessions",
      "status",
      "send",
      "ask",
      "asks",
      "chat",
      "conversations",
      "oblix",
      "watch",
      "webhook",
      "wasender",
      "explain",
      "doctor",
    ])
      expect(help.stdout).toContain(command);
    expect((await run(["--version"])).exitCode).toBe(0);
    expect((await run(["send", "--help"])).stdout).toContain("--resume");
  });
});
