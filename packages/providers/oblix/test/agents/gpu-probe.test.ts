import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { gpuProbe } from "../../src/agents/gpu-probe.js";
import { machineProbe } from "../../src/agents/machine-probe.js";

/** A program that prints this; returns its path. */
function printing(lines: string): string {
  const folder = mkdtempSync(join(tmpdir(), "colloquy-gpu-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "tool");
  writeFileSync(path, `#!/bin/sh\nprintf '${lines}'\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("the load of a GPU", () => {
  it("is that of the busiest one", async () => {
    expect(await gpuProbe(printing("7\\n93\\n12\\n"))()).toBe(93);
  });

  it("is not known where there is no tool, or one that tells something else", async () => {
    const missing = gpuProbe("/nowhere/nvidia-smi");
    expect([await missing(), await missing()]).toEqual([undefined, undefined]);
    expect(await gpuProbe(printing("[N/A]\\n"))()).toBeUndefined();
    expect(await gpuProbe(printing("Unable to determine the device\\n"))()).toBeUndefined();
  });

  it("is in the reading of the machine, which tells everything else without it", async () => {
    expect(await machineProbe(async () => 40)()).toMatchObject({ gpuPercent: 40 });
    const reading = await machineProbe(async () => undefined)();
    expect(reading).not.toHaveProperty("gpuPercent");
    expect(reading.memoryPercent).toBeGreaterThan(0);
  });
});
