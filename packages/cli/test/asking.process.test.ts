import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@colloquy/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environmentOf } from "../src/emulating/environment.js";
import { FakeSignals, type Ran, run } from "./support/terminal.js";

// oxlint-disable-next-line typescript/no-explicit-any -- what the command prints, looked at field by field
type Json = any;

const template = JSON.stringify({
  policy_input_schema: { decision: { type: "string", enum: ["approved", "refused"] } },
});

describe("colloquy ask", () => {
  let emulator: Emulator;
  let folder: string;
  let environment: Record<string, string>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "colloquy-ask-"));
    emulator = await startEmulator();
    // Without NATS, so that answers are looked for.
    environment = { ...environmentOf(emulator, undefined), COLLOQUY_STORE: join(folder, "colloquy.db") };
  });
  afterEach(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const command = (args: readonly string[], signals = new FakeSignals()): Promise<Ran> =>
    run(args, { environment, signals });
  const asked = async (args: readonly string[]): Promise<Json> =>
    JSON.parse((await command([...args, "--json"])).stdout);

  it("prints ATLUS's answer and nothing else, in a session that remembers", async () => {
    expect((await command(["sessions", "create", "atlus", "--name", "Bot", "--user", "ada"])).exitCode).toBe(0);
    await command(["ask", "Bot", "My name is John"]);
    const { exitCode, stdout } = await command(["ask", "Bot", "What's my name?"]);
    expect([exitCode, stdout]).toEqual([0, "Your name is John\n"]);
    expect(emulator.atlus.sessions).toMatchObject([{ userId: "ada" }]);
    expect(await asked(["asks", "list", "--all"])).toMatchObject({
      asks: [{ state: "answered", isDelivered: true, text: "(text of 15 characters)" }, { state: "answered" }],
      hasMore: false,
    });
  });

  it("leaves a human's question open after Ctrl-C, and resumes it when it was answered meanwhile", async () => {
    const created = ["sessions", "create", "org-nats", "--name", "Approvals", "--channel", "human"];
    expect((await command([...created, "--template", template])).exitCode).toBe(0);
    const signals = new FakeSignals();
    const waiting = command(["ask", "Approvals", "Pay 7 euros?", "--deadline", "10m", "--id", "pay-7"], signals);
    await expect.poll(() => emulator.org.questions.length, { timeout: 10_000 }).toBe(1);
    await expect.poll(async () => (await asked(["asks", "list"])).asks[0]?.state, { timeout: 10_000 }).toBe("pending");
    signals.emit("SIGINT");
    const left = await waiting;
    expect(left.exitCode).toBe(3);
    expect(left.stderr).toContain("colloquy asks resume pay-7");

    expect(await emulator.org.answer("question_1", { decision: "approved" })).toBe(200);
    const schema = join(folder, "decision.json");
    writeFileSync(schema, JSON.stringify({ type: "object", properties: { decision: { type: "string" } } }));
    expect(await asked(["asks", "resume", "pay", "--schema", schema, "--wait", "20s"])).toMatchObject({
      ok: true,
      ask: { id: "pay-7", state: "answered", answer: { decision: "approved" } },
    });
    expect(await asked(["asks", "resume", "pay-7"])).toMatchObject({ ok: false, error: { code: "ASK_DELIVERED" } });
    expect(emulator.org.questions).toHaveLength(1);
  });

  it("waits no longer than told, and cancels", async () => {
    await command(["sessions", "create", "org-nats", "--name", "Approvals", "--channel", "human"]);
    const waited = await command(["ask", "Approvals", "Pay 8 euros?", "--wait", "300ms", "--id", "pay-8"]);
    expect([waited.exitCode, waited.stdout]).toEqual([2, ""]);
    expect(await asked(["asks", "cancel", "pay-8"])).toMatchObject({ ask: { id: "pay-8", isCancelled: true } });
    const again = await command(["asks", "cancel", "pay-8"]);
    expect([again.exitCode, again.stdout]).toEqual([1, "Question pay-8 was cancelled already.\n"]);
    expect((await command(["asks", "resume", "nobody"])).exitCode).toBe(7);
    expect((await command(["ask", "Approvals", " "])).exitCode).toBe(7);
  });
});
