import { expect, it } from "vitest";
import { bundle } from "../src/measures/bundle.js";
import type { SsmJob } from "../src/ssm/job.js";
import { measureSession } from "../src/ssm/measure-session.js";

it("the lean gateway moves every byte of each kind of session, and all figures are measured", async () => {
  const programs = {
    client: await bundle(new URL("../src/ssm/client.ts", import.meta.url)),
    gateway: await bundle(new URL("../src/ssm/gateway/main.ts", import.meta.url)),
  };
  const jobs: readonly SsmJob[] = [
    { kind: "output", bytes: 1_000_001, frameBytes: 1_000, streams: 1 },
    { kind: "input", bytes: 1_000_001, frameBytes: 1_024, streams: 1 },
    { kind: "upload", bytes: 1_000_000, frameBytes: 1_024, streams: 3 },
    { kind: "download", bytes: 1_000_000, frameBytes: 1_024, streams: 3 },
  ];
  for (const job of jobs) {
    const figures = await measureSession(programs, job);
    for (const figure of ["mbPerSecond", "messagesPerSecond", "cpuSPer100Mb", "peakMb"] as const)
      expect(figures[figure], `${job.kind}: ${figure}`).toBeGreaterThan(0);
  }
});
