import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emulator, startEmulator } from "@colloquy/emulator";
import { sqliteStore } from "@colloquy/store-sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environmentOf } from "../src/emulating/environment.js";
import { commandLine } from "./support/child.js";
import { FakeSignals, type Ran, run } from "./support/terminal.js";

// oxlint-disable-next-line typescript/no-explicit-any -- what the command prints, looked at field by field
type Json = any;

let emulator: Emulator;
let folder: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colloquy-chat-"));
  emulator = await startEmulator();
  environment = { ...environmentOf(emulator, undefined), COLLOQUY_STORE: join(folder, "colloquy.db") };
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const chat = (args: readonly string[], lines: readonly string[], signals = new FakeSignals()): Promise<Ran> =>
  run(["chat", ...args], { environment, stdin: lines.join("\n"), signals });

async function statuses(): Promise<readonly string[]> {
  const store = sqliteStore(environment["COLLOQUY_STORE"] ?? "");
  await store.open();
  const [first] = (await store.transcripts.list()).conversations;
  const { messages } = await store.transcripts.page(first?.id ?? "");
  await store.close();
  return messages.map(({ role, status }) => `${role} ${status}`);
}

describe("colloquy chat with prompts from a pipe", () => {
  it("takes a turn a line, remembers, changes models, forks, searches and exports", async () => {
    const file = join(folder, "exported", "first.jsonl");
    const { exitCode, stdout, stderr } = await chat(
      ["--title", "First", "--system", "Answer in upper case"],
      [
        "My name is Ada",
        "/model openai:gpt-4o",
        "What's my name?",
        "/model anthropic:claude-haiku-5-5",
        "Count to 3",
        `/export ${file}`,
        "/fork 2",
        "What did I just say?",
        "/title Second",
        "/list",
        "/load First",
        "/search three",
        "exit",
        "This is not reached.",
      ],
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    const said = stdout.split("\n");
    expect(said.slice(0, 5)).toEqual([
      "NICE TO MEET YOU, ADA!",
      "openai:gpt-4o answers from now on.",
      "YOUR NAME IS ADA.",
      "anthropic:claude-haiku-5-5 answers from now on.",
      "1 2 3",
    ]);
    for (const line of ['YOU SAID: "MY NAME IS ADA"', "Nothing was found.", "   6 assistant: 1 2 3"])
      expect(said).toContain(line);
    expect(stdout).toMatch(/ 4 +\d+ ms ago +Second\n/);
    expect(emulator.models.calls.map(({ api, outcome }) => `${api} ${outcome}`)).toEqual([
      "ollama complete",
      "openai complete",
      "anthropic complete",
      "anthropic complete",
    ]);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(8);
  });

  it("prints one JSON object a turn, goes on after a failure, and ends with that failure's code", async () => {
    emulator.models.set({ overloadedRate: 1, affected: ["anthropic"] });
    const { exitCode, stdout } = await chat(
      ["--json", "--model", "anthropic:claude-haiku-5-5", "--max-tokens", "2"],
      ["Hello", "/model ollama:llama3.2", "Count to 9", "/nothing"],
    );
    const [failed, complete, end] = stdout
      .trim()
      .split("\n")
      .map((line): Json => JSON.parse(line));
    expect(failed.turn).toMatchObject({ status: "failed", error: { code: "PROVIDER_UNAVAILABLE" } });
    expect(complete.turn).toMatchObject({ modelId: "ollama:llama3.2", response: "1 2", finish: "length" });
    expect(end).toMatchObject({ ok: false, turns: 2, conversation: { messageCount: 4 } });
    expect(exitCode).toBe(6);
    expect(stdout).not.toContain(emulator.models.anthropic.apiKey);
  });

  it("stops an answer with the first Ctrl-C and keeps what had come; the second one leaves", async () => {
    emulator.models.set({ tokenMs: 30 });
    const signals = new FakeSignals();
    const ended = chat([], ["Count to 500", "Count to 400", "Not asked"], signals);
    await begun(1);
    signals.emit("SIGINT");
    await begun(2);
    signals.emit("SIGINT");
    signals.emit("SIGINT");
    expect((await ended).exitCode).toBe(0);
    expect(signals.exits).toEqual([]);
    expect(emulator.models.calls.map(({ outcome }) => outcome)).toEqual(["abandoned", "abandoned"]);
    expect(await statuses()).toEqual(["user complete", "assistant aborted", "user complete", "assistant aborted"]);
  });

  it("says what to do where no model is set up", async () => {
    environment = { COLLOQUY_STORE: environment["COLLOQUY_STORE"] ?? "", OLLAMA_HOST: "127.0.0.1:1" };
    const { exitCode, stderr } = await chat([], ["Hello"]);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/^error: No model is set up\..*\n +do: .*OLLAMA_HOST/);
    expect((await chat(["--model", "parrot"], [])).exitCode).toBe(7);
  });
});

/** Until so many prompts have come, and the last one's answer has begun. */
async function begun(count: number): Promise<void> {
  await expect.poll(() => emulator.models.calls[count - 1]?.outputTokens ?? 0, { timeout: 10_000 }).toBeGreaterThan(2);
}

describe("colloquy chat at a terminal", () => {
  it("stops an answer with Ctrl-C, goes on, and leaves with the next one", async () => {
    emulator.models.set({ tokenMs: 30 });
    const quoted = [...commandLine, "chat", "--title", "Terminal"].map((part) => `'${part}'`).join(" ");
    // In place of the shell, which would take the keys for itself, too.
    const terminal = spawn("script", ["-qfec", `exec ${quoted}`, "/dev/null"], {
      cwd: fileURLToPath(new URL("../../..", import.meta.url)),
      env: { ...process.env, ...environment, NO_COLOR: "1", TERM: "xterm" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let screen = "";
    terminal.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
    });
    const ended = new Promise((resolve) => terminal.once("close", resolve));
    const shows = async (text: string | RegExp): Promise<void> => {
      await expect.poll(() => screen, { timeout: 15_000 }).toMatch(text);
      screen = "";
    };
    await shows(/exit leaves[^]*> /);
    terminal.stdin.write("Count to 500\r");
    await shows(/1 2 3/);
    terminal.stdin.write("\u0003");
    await shows(/Stopped\. What had come is kept\.[^]*> /);
    emulator.models.set({ tokenMs: 0 });
    terminal.stdin.write("What did I just say?\r");
    await shows(/You said: "Count to 500"[^]*ollama:llama3\.2, \d+ \+ \d+ tokens[^]*> /);
    terminal.stdin.write("half a line");
    await shows("half a line");
    terminal.stdin.write("\u0003");
    await shows("> ");
    terminal.stdin.write("\u0003");
    expect(await ended).toBe(0);
    expect(await statuses()).toEqual(["user complete", "assistant aborted", "user complete", "assistant complete"]);
  });
});

describe("colloquy conversations", () => {
  const ask = (args: readonly string[]): Promise<Ran> => run(["conversations", ...args], { environment });
  const asked = async (args: readonly string[]): Promise<Json> => JSON.parse((await ask([...args, "--json"])).stdout);

  it("lists by page, shows, searches, copies, merges, renames, moves out and in, and deletes", async () => {
    await chat(["--title", "Garden"], ["The roses are red", "My name is Ada"]);
    await chat(["--title", "Kitchen"], ["The oven is hot"]);
    const first = await asked(["list", "--limit", "1"]);
    expect(first).toMatchObject({ ok: true, conversations: [{ title: "Kitchen", messageCount: 2 }] });
    expect(await asked(["list", "--limit", "1", "--after", first.cursor])).toMatchObject({
      conversations: [{ title: "Garden" }],
    });
    expect(await asked(["list", "--where", "team=support"])).toMatchObject({ conversations: [] });
    const newest = await asked(["show", "Garden", "--newest", "--limit", "1"]);
    expect(newest).toMatchObject({ messages: [{ seq: 4, content: "Nice to meet you, Ada!" }], cursor: 4 });
    expect(await asked(["search", "rose*", "red"])).toMatchObject({ hits: [{ title: "Garden", seq: 1 }, { seq: 2 }] });
    expect(await asked(["copy", "Garden", "--up-to", "2", "--title", "Roses"])).toMatchObject({
      conversation: { messageCount: 2, lineage: { forkedAtSeq: 2 } },
    });
    const merged = await asked(["merge", "Roses", "Kitchen", "--title", "House"]);
    expect(merged).toMatchObject({ conversation: { title: "House", messageCount: 4 }, duplicateCount: 0 });
    await asked(["rename", "House", "Home"]);
    const file = join(folder, "home.json");
    expect(await asked(["export", "Home", file])).toMatchObject({ messageCount: 4 });
    expect((await ask(["export", "Home", "-"])).stdout.trim().split("\n")).toHaveLength(6);
    expect((await ask(["import", file, "--on-conflict", "fail"])).exitCode).toBe(1);
    expect((await ask(["delete", "Home"])).exitCode).toBe(7);
    expect(await asked(["delete", "Home", "--yes"])).toMatchObject({ isRemoved: true });
    expect(await asked(["import", file, "--on-conflict", "fail"])).toMatchObject({
      imported: [{ id: merged.conversation.id, isNew: true, messageCount: 4 }],
    });
    expect((await ask(["show", "Nowhere"])).exitCode).toBe(7);
  });

  it("takes a folder of Oblix over, after a rehearsal that stores nothing, and names what is wrong in it", async () => {
    const sessions = join(folder, "sessions");
    mkdirSync(sessions);
    const at = "2025-01-02T03:04:05.678901+00:00";
    const messages = [{ id: "m1", role: "user", content: "Hi", timestamp: at }];
    const session = {
      id: "old-1",
      title: "Old one",
      created_at: at,
      updated_at: at,
      messages,
      context: {},
      metadata: {},
    };
    writeFileSync(join(sessions, "old-1.json"), JSON.stringify(session, null, 2));
    writeFileSync(join(sessions, "broken.json"), '{"id": "broken", ');
    const take = (args: readonly string[]): Promise<Ran> =>
      run(["oblix", "import", sessions, ...args, "--json"], { environment });
    const rehearsed = await take(["--dry-run"]);
    expect(rehearsed.exitCode).toBe(1);
    expect(JSON.parse(rehearsed.stdout)).toMatchObject({
      ok: false,
      isDryRun: true,
      importedCount: 1,
      failures: [{ file: "broken.json", code: "INPUT_INVALID" }],
    });
    expect(await asked(["list"])).toMatchObject({ conversations: [] });
    expect(JSON.parse((await take([])).stdout)).toMatchObject({ importedCount: 1, messageCount: 1 });
    expect(JSON.parse((await take([])).stdout)).toMatchObject({ importedCount: 0, keptCount: 1 });
    expect(await asked(["show", "Old one"])).toMatchObject({ conversation: { id: "old-1" }, messages: [{ id: "m1" }] });
  });
});
