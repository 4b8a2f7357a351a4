import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { start } from "./support/child.js";
import { canaries, type Emulated, emulated } from "./support/emulated.js";

let world: Emulated;
beforeEach(async () => {
  world = await emulated({ nobodyScans: true });
});
afterEach(() => world.close());

const pair = (...more: string[]): readonly string[] => [
  "pair",
  "wasender",
  "--name",
  "Shop",
  "--phone",
  canaries.phone,
  ...more,
];

describe("pairing", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "is ended at the provider by %s, and the session can be paired again",
    async (signal) => {
      const child = start(pair("--events"), world.environment);
      await child.line((line) => line.includes('"event":"challenge"'));
      expect(world.emulator.wasender.sessions[0]?.qrCode).not.toBeNull();
      child.process.kill(signal);
      const { exitCode } = await child.exited;
      expect(exitCode, child.output.stderr).toBe(3);
      expect(child.output.stdout).toContain('"event":"pairing_cancelled"');
      expect(JSON.parse(child.output.stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
        event: "result",
        ok: false,
        exitCode: 3,
      });
      expect(world.emulator.wasender.sessions[0]).toMatchObject({ qrCode: null, linkedAs: null });

      world.emulator.wasender.set({ nobodyScans: false });
      const again = await world.run(["pair", "wasender", "--session", "Shop", "--json"]);
      expect(again.exitCode, again.stdout).toBe(0);
    },
  );

  it("ends with 2 when nobody scans within --timeout, and takes the code back", async () => {
    const { exitCode, stdout } = await world.run(pair("--timeout", "600ms", "--json"));
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "PAIRING_TIMEOUT" } });
    expect(world.emulator.wasender.sessions[0]?.qrCode).toBeNull();
  });

  it("ends with 4 when another phone scans", async () => {
    world.emulator.wasender.set({ nobodyScans: false, wrongPhone: true });
    const { exitCode, stdout } = await world.run(pair("--json"));
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, exitCode: 4, error: { code: "IDENTITY_MISMATCH" } });
  });

  it("ends with 5 when the token is refused, and with 6 when nobody is there", async () => {
    world.emulator.wasender.set({ tokenRevoked: true });
    expect((await world.run(pair("--json"))).exitCode).toBe(5);
    const environment = { WASENDER_BASE_URL: "http://127.0.0.1:9/api" };
    expect((await world.run(pair("--json"), { environment })).exitCode).toBe(6);
  });

  it("draws the code without colours where there is no terminal, with raw text and page", async () => {
    world.emulator.wasender.set({ nobodyScans: false });
    const { stdout } = await world.run(pair("--small", "--page"));
    expect(stdout).toMatch(/[█▄▀]{20}/);
    expect(stdout).not.toContain("\u001b[");
    expect(stdout).toMatch(/As text: 2@/);
    expect(stdout).toMatch(/On a page: http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}/);
    expect(stdout).toContain("Code 1 of 8");
  });
});
