import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { start } from "./support/child.js";
import { canaries, type Emulated, emulated } from "./support/emulated.js";

let world: Emulated;
beforeEach(async () => {
  world = await emulated({ accountProtectionMs: 200 });
  await world.run(["pair", "wasender", "--name", "Shop", "--phone", canaries.phone]);
});
afterEach(() => world.close());

describe("Ctrl-C in the middle of a file", () => {
  it("lets what is on the wire settle and keeps the rest, to resume or to discard", async () => {
    const file = join(world.folder, "messages.ndjson");
    const messages = Array.from({ length: 12 }, (_, index) => ({
      id: `m-${index}`,
      to: canaries.recipient,
      text: `text ${index}`,
    }));
    writeFileSync(file, messages.map((message) => JSON.stringify(message)).join("\n"));
    const environment = { ...world.environment, WASENDER_ACCOUNT_PROTECTION_WINDOW_MS: "220" };

    const child = start(["send", "Shop", "--file", file, "--events"], environment);
    await child.line((line) => line.includes('"event":"message"'));
    child.process.kill("SIGINT");
    const { exitCode } = await child.exited;
    expect(exitCode, child.output.stderr).toBe(3);
    const result = JSON.parse(child.output.stdout.trim().split("\n").at(-1) ?? "") as Record<string, number>;
    expect(result).toMatchObject({ event: "result", accepted: 12, failed: 0, unknown: 0 });
    expect(result["queued"]).toBeGreaterThan(0);
    expect(world.emulator.wasender.sent).toHaveLength(result["sent"] ?? -1);

    const resumed = await world.run(["send", "Shop", "--resume", "--json", "--timeout", "20s"], { environment });
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      ok: true,
      resumed: result["queued"],
      sent: result["queued"],
      outbox: { sent: 12 },
    });
    expect(world.emulator.wasender.sent.map(({ text }) => text)).toEqual(messages.map(({ text }) => text));
  });

  it("keeps messages that --discard then cancels without sending them", async () => {
    const file = join(world.folder, "messages.ndjson");
    writeFileSync(
      file,
      [1, 2, 3, 4, 5, 6].map((index) => JSON.stringify({ to: canaries.recipient, text: `text ${index}` })).join("\n"),
    );
    const child = start(["send", "Shop", "--file", file, "--events"], {
      ...world.environment,
      WASENDER_ACCOUNT_PROTECTION_WINDOW_MS: "2000",
    });
    await child.line((line) => line.includes('"event":"message"'));
    child.process.kill("SIGTERM");
    await child.exited;
    const discarded = await world.run(["send", "Shop", "--discard", "--json"]);
    expect(JSON.parse(discarded.stdout)).toMatchObject({ ok: true, outbox: { queued: 0 } });
    const before = world.emulator.wasender.sent.length;
    expect(JSON.parse((await world.run(["send", "Shop", "--resume", "--json"])).stdout)).toMatchObject({ resumed: 0 });
    expect(world.emulator.wasender.sent).toHaveLength(before);
    expect(before).toBeLessThan(6);
  });
});
