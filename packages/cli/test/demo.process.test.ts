import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { start } from "./support/child.js";

it("the demo runs without a terminal, keeps its promises and leaves nothing behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "colloquy-demo-test-"));
  try {
    const child = start(["demo", "--json"], { TMPDIR: folder });
    const { exitCode } = await child.exited;
    const report = JSON.parse(child.output.stdout) as {
      measurements: Record<string, number>;
      secondAct: Record<string, unknown>;
    };
    expect(exitCode, child.output.stdout + child.output.stderr).toBe(0);
    expect(report).toMatchObject({
      ok: true,
      complaints: [],
      measurements: { accepted: 21, duplicates: 0, lost: 0, failed: 0, refusedForRate: 0, received: 1 },
    });
    // A machine without nats-server has no second act, and says so.
    expect([{ skipped: expect.any(String) }, { approvals: ["approved", "refused"] }]).toContainEqual(
      "skipped" in report.secondAct ? report.secondAct : { approvals: report.secondAct["approvals"] },
    );
    const { sent = 0, unknown = 0, killedAfter = 0 } = report.measurements;
    expect(sent + unknown).toBe(21);
    expect(killedAfter).toBeGreaterThanOrEqual(3);
    expect(readdirSync(folder).filter((name) => name.startsWith("colloquy-demo-"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
