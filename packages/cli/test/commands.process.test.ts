import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canaries, type Emulated, emulated } from "./support/emulated.js";
import type { Ran } from "./support/terminal.js";

let world: Emulated;
let sessionId = "";
/** Everything that any command of this file printed. */
const printed: string[] = [];

async function run(args: readonly string[], options: Parameters<Emulated["run"]>[1] = {}): Promise<Ran> {
  const ran = await world.run(args, options);
  printed.push(`$ ${args[0]} ${args[1] ?? ""}\n${ran.stdout}${ran.stderr}`);
  return ran;
}

async function runJson(
  args: readonly string[],
  options: Parameters<Emulated["run"]>[1] = {},
): Promise<{ readonly exitCode: number; readonly json: Record<string, unknown> }> {
  const { exitCode, stdout } = await run([...args, "--json"], options);
  expect(stdout.split("\n"), stdout).toHaveLength(2);
  return { exitCode, json: JSON.parse(stdout) as Record<string, unknown> };
}

beforeAll(async () => {
  world = await emulated();
});
afterAll(() => world.close());

describe("the commands, one after the other", () => {
  it("pair makes a session, tells each step, and ends with who is linked", async () => {
    const { exitCode, stdout } = await run([
      "pair",
      "wasender",
      "--name",
      "Shop",
      "--phone",
      canaries.phone,
      "--events",
    ]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(exitCode).toBe(0);
    expect(lines.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["session_created", "challenge", "state", "result"]),
    );
    expect(lines.find(({ event }) => event === "challenge")).toMatchObject({
      kind: "qr",
      attempt: 1,
      artefact: expect.stringMatching(/^2@/),
      pageUrl: `${world.emulator.url}/wasender/pair/1`,
    });
    const result = lines.at(-1) as { ok: boolean; codes: number; session: Record<string, unknown> };
    expect(result).toMatchObject({
      event: "result",
      ok: true,
      codes: 1,
      session: { name: "Shop", state: "connected", account: "+1555•••42" },
    });
    sessionId = String(result.session["id"]);
  });

  it("sessions list and show know it, by name and by the beginning of its id", async () => {
    const list = await runJson(["sessions", "list"]);
    expect(list.json).toMatchObject({
      ok: true,
      sessions: [{ id: sessionId, provider: "wasender", remoteId: "1", state: "connected" }],
    });
    const shown = await runJson(["sessions", "show", sessionId.slice(0, 12)]);
    expect(shown.json).toMatchObject({ session: { id: sessionId }, outbox: { queued: 0, sent: 0 } });
    expect(shown.json).not.toHaveProperty("secrets");
    const human = await run(["sessions", "list"]);
    expect(human.stdout).toContain("+1555•••42");
    const remote = await runJson(["sessions", "list", "--remote", "wasender"]);
    expect(remote.json).toMatchObject({
      sessions: [{ remoteId: "1", name: "Shop", phone: "+1555•••42", status: "connected" }],
    });
  });

  it("status asks the provider once and tells state, proof, health, limits and outbox", async () => {
    const before = world.emulator.wasender.requests.length;
    const { exitCode, json } = await runJson(["status", "Shop"]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      sessions: [
        {
          id: sessionId,
          state: "connected",
          health: "ok",
          provider: { word: "connected", isConnected: true },
          outbox: { sent: 0 },
        },
      ],
    });
    expect(world.emulator.wasender.requests.slice(before).map(({ path }) => path)).toEqual(["/status"]);
  });

  it("send sends one message and tells the provider's id of it", async () => {
    const { exitCode, json } = await runJson(["send", "Shop", "--to", canaries.recipient, "--text", canaries.text]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ ok: true, message: { state: "sent", status: "in_progress", to: "+1555•••87" } });
    expect((json["message"] as { id: string }).id).toMatch(/^msg_/);
    expect(world.emulator.wasender.sent.map(({ text }) => text)).toEqual([canaries.text]);
  });

  it("send with the same --id sends nothing twice", async () => {
    const args = ["send", "Shop", "--to", canaries.recipient, "--text", canaries.text, "--id", "order-1"];
    const [first, second] = [await runJson(args), await runJson(args)];
    expect(second.json["message"]).toMatchObject({ id: "order-1", state: "sent" });
    expect((second.json["message"] as { providerMessageId: string }).providerMessageId).toBe(
      (first.json["message"] as { providerMessageId: string }).providerMessageId,
    );
    expect(world.emulator.wasender.sent).toHaveLength(2);
  });

  it("send --file tells the fate of every message, --resume and --discard find nothing left", async () => {
    const file = join(world.folder, "messages.ndjson");
    const message = (id: string): string => JSON.stringify({ id, to: canaries.recipient, text: canaries.text });
    writeFileSync(file, ["a", "b", "c"].map(message).join("\n"));
    const { exitCode, json } = await runJson(["send", "Shop", "--file", file]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ accepted: 3, sent: 3, failed: 0, unknown: 0, queued: 0 });
    expect(
      (json["messages"] as { id: string; state: string }[]).map(({ id, state }) => `${id} ${state}`).toSorted(),
    ).toEqual(["a sent", "b sent", "c sent"]);
    expect((await runJson(["send", "Shop", "--resume"])).json).toMatchObject({ ok: true, resumed: 0 });
    expect((await runJson(["send", "Shop", "--discard"])).json).toMatchObject({ ok: true, discarded: 0 });
  });

  it("send --file - reads the standard input, and prints progress as plain lines", async () => {
    const stdin = `${JSON.stringify({ to: canaries.recipient, text: canaries.text })}\n`;
    const { exitCode, stdout } = await run(["send", "Shop", "--file", "-"], { stdin });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1/1: sent 1, failed 0, unknown 0");
    expect(stdout).not.toContain("\u001b[");
  });

  it("limits draws what is left of each, and counts what other commands sent", async () => {
    const { limits } = (await runJson(["limits", "Shop"])).json as { limits: { bucket: string; remaining: number }[] };
    const sending = limits.find(({ bucket }) => bucket === "send");
    expect(sending).toMatchObject({ scope: "session", origin: "described" });
    await run(["send", "Shop", "--to", canaries.recipient, "--text", "counted"]);
    const later = (await runJson(["limits", "Shop"])).json as { limits: { bucket: string; remaining: number }[] };
    expect(later.limits.find(({ bucket }) => bucket === "send")?.remaining).toBeLessThanOrEqual(
      sending?.remaining ?? 0,
    );
    expect((await run(["limits", "Shop"])).stdout).toMatch(/send +session +\d+ per/);
  });

  it("explain tells state and history", async () => {
    expect((await runJson(["explain", "Shop"])).json).toMatchObject({
      id: sessionId,
      explanation: { state: "connected", intent: "online" },
    });
    expect((await run(["explain", "Shop"])).stdout).toContain("History:");
  });

  it("watch --run keeps the session connected here and tells its states", async () => {
    const ran = await run(["watch", "Shop", "--run", "--for", "1500ms", "--events"]);
    const lines = ran.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      lines.filter(({ event, type }) => event === "session_event" && type === "state").map(({ to }) => to),
    ).toContain("connected");
    expect(lines.at(-1)).toMatchObject({ event: "result", ok: true, state: "connected" });
    expect(ran.exitCode).toBe(0);
  });

  it("doctor passes every check", async () => {
    const { exitCode, json } = await runJson(["doctor"]);
    expect(json).toMatchObject({ ok: true, counts: { failures: 0 } });
    expect(exitCode).toBe(0);
    const checks = (json["findings"] as { check: string }[]).map(({ check }) => check);
    expect(checks).toEqual([
      "node",
      "store",
      "store file",
      "COLLOQUY_SECRET_KEY",
      "WASENDER_PERSONAL_ACCESS_TOKEN",
      "WASENDER_BASE_URL",
      "wasender address",
      "clock",
      "wasender credential",
    ]);
  });

  it.each([
    ["a refused token", { WASENDER_PERSONAL_ACCESS_TOKEN: "8|anotherCanaryTokenCanaryTokenCanaryTokenCanary00" }, 5],
    ["no token", { WASENDER_PERSONAL_ACCESS_TOKEN: "" }, 5],
    ["nobody at the address", { WASENDER_BASE_URL: "http://127.0.0.1:9/api" }, 6],
  ] as const)("doctor names %s and ends with its code", async (_what, environment, code) => {
    const { exitCode, json } = await runJson(["doctor"], { environment });
    expect(exitCode).toBe(code);
    expect(json).toMatchObject({ ok: false });
  });

  it.each([
    ["a refused token", { WASENDER_PERSONAL_ACCESS_TOKEN: "8|anotherCanaryTokenCanaryTokenCanaryTokenCanary00" }, 5],
    ["another secret key", { COLLOQUY_SECRET_KEY: "canary-another-key" }, 5],
  ] as const)("failures show no secret: %s", async (_what, environment, code) => {
    const show = await run(["sessions", "show", "Shop", "--reveal", "--debug"], { environment });
    const status = await run(["sessions", "list", "--remote", "wasender", "--debug"], { environment });
    expect([show.exitCode, status.exitCode]).toContain(code);
    expect(show.stdout + show.stderr + status.stdout + status.stderr).not.toContain("anotherCanary");
    expect(show.stdout + show.stderr + status.stdout + status.stderr).not.toContain("canary-another-key");
  });

  it("sessions delete wants a yes where nobody can be asked, and then deletes at the provider, too", async () => {
    const refused = await runJson(["sessions", "delete", "Shop"]);
    expect(refused).toMatchObject({
      exitCode: 7,
      json: { ok: false, error: { userAction: expect.stringContaining("--yes") } },
    });
    const { exitCode, json } = await runJson(["sessions", "delete", "Shop", "--yes"]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ id: sessionId, state: "terminated", isConfirmed: true });
    expect(world.emulator.wasender.sessions).toEqual([]);
    expect((await runJson(["sessions", "list"])).json).toMatchObject({ sessions: [] });
  });

  it("nothing that was printed holds a token, a key, a text or a whole number", () => {
    const all = printed.join("\n");
    const digits = (phone: string): string => phone.slice(1);
    for (const canary of [
      canaries.token,
      canaries.secretKey,
      canaries.text,
      digits(canaries.phone),
      digits(canaries.recipient),
    ])
      expect(all.includes(canary), `found ${canary}`).toBe(false);
    expect(all).not.toMatch(/\b[0-9a-f]{64}\b/);
  });
});
