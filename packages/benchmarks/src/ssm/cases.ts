import type { Size } from "../scenarios/catalogue.js";
import type { Bar } from "../scenarios/scenario.js";
import type { SsmJob } from "./job.js";

export interface SsmCase {
  readonly name: string;
  readonly title: string;
  readonly job: SsmJob;
  readonly bars: readonly Bar[];
}

// What agents send in one frame, and the genuine client too.
const usualFrameBytes = 1_024;
const memory: Bar = { figure: "peakMb", limit: 120 };
const fast: Bar = { figure: "mbPerSecond", limit: 40, isLeast: true };
// The genuine client takes as many at 1.5 s.
const usualOutput: readonly Bar[] = [
  { figure: "messagesPerSecond", limit: 60_000, isLeast: true },
  { figure: "cpuSPer100Mb", limit: 1 },
];

export function ssmCases(size: Size): readonly SsmCase[] {
  // Much less, and warming up would be most of it.
  const scale = size === "quick" ? 0.5 : 1;
  const job = (kind: SsmJob["kind"], megabytes: number, frameBytes = usualFrameBytes, streams = 1): SsmJob => ({
    kind,
    bytes: megabytes * 1e6 * scale,
    frameBytes,
    streams,
  });
  return [
    { name: "output-128", title: "shell output, frames of 128 B", job: job("output", 40, 128), bars: [memory] },
    { name: "output-1k", title: "shell output, 1 KiB", job: job("output", 200), bars: [...usualOutput, memory] },
    { name: "output-4k", title: "shell output, 4 KiB", job: job("output", 400, 4_096), bars: [memory] },
    { name: "output-64k", title: "shell output, 64 KiB", job: job("output", 400, 65_536), bars: [memory] },
    { name: "output-long", title: "shell output, 1 KiB, ten times as long", job: job("output", 2_000), bars: [memory] },
    { name: "input", title: "shell input", job: job("input", 200), bars: [fast, memory] },
    { name: "upload-1", title: "port up, one stream", job: job("upload", 200), bars: [fast, memory] },
    { name: "upload-8", title: "port up, eight", job: job("upload", 200, undefined, 8), bars: [fast, memory] },
    { name: "download-1", title: "port down, one stream", job: job("download", 200), bars: [memory] },
    { name: "download-8", title: "port down, eight", job: job("download", 200, undefined, 8), bars: [memory] },
  ];
}
