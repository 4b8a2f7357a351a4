import { expect, it } from "vitest";
import { soakSsm } from "../src/soak/ssm.js";

it("every byte of a session comes through the worst weather and five breaks, both ways (seed 1)", async () => {
  const report = await soakSsm({ bytes: 3_000_000, seed: 1 });
  expect(report.complaints).toEqual([]);
  expect(report.connections).toBe(6);
  expect(report.lost).toBeGreaterThan(report.sentFrames);
});
