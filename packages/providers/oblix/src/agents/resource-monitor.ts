import type { JsonValue } from "@colloquy/core/contract";
import { type Agent, unknownVerdict, type Verdict } from "./agent.js";
import { machineProbe } from "./machine-probe.js";
import { figure, withDefaults } from "./thresholds.js";

/** Percent, but for the load: the five-minute average. */
export interface ResourceThresholds {
  /** Default 80. */
  readonly cpu: number;
  /** Default 85. */
  readonly memory: number;
  /** Default 4. */
  readonly load: number;
  /** Default 85. */
  readonly gpu: number;
  /** Default 90. */
  readonly criticalCpu: number;
  /** Default 95. */
  readonly criticalMemory: number;
  /** Default 95. */
  readonly criticalGpu: number;
}

/** What is not known is absent, never made up. */
export interface ResourceReading {
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
  readonly load5?: number;
  readonly gpuPercent?: number;
}

export interface ResourceMonitorOptions {
  readonly thresholds?: Partial<ResourceThresholds>;
  /** How old a reading may be before it is replaced, in milliseconds. Default 5,000. */
  readonly maxAgeMs?: number;
  /** Default: this machine, as `node:os` tells it; a GPU where `nvidia-smi` is found. */
  readonly probe?: () => ResourceReading | Promise<ResourceReading>;
}

// As Oblix documents them.
const defaults: ResourceThresholds = {
  cpu: 80,
  memory: 85,
  load: 4,
  gpu: 85,
  criticalCpu: 90,
  criticalMemory: 95,
  criticalGpu: 95,
};

/** Tells whether this machine has room for a local model. */
export function resourceMonitor(options: ResourceMonitorOptions = {}): Agent {
  const { maxAgeMs = 5_000, probe = machineProbe() } = options;
  const thresholds = withDefaults("resourceMonitor", defaults, options.thresholds);
  return {
    name: "resource_monitor",
    maxAgeMs,
    measure: async () => ({ ...(await probe()) }),
    judge: (reading) => judgeResources(reading, thresholds),
  };
}

function judgeResources(reading: JsonValue | undefined, thresholds: ResourceThresholds): Verdict {
  if (reading === undefined) return unknownVerdict("The machine was");
  const figures = [
    ["CPU", figure(reading, "cpuPercent"), thresholds.cpu, thresholds.criticalCpu],
    ["memory", figure(reading, "memoryPercent"), thresholds.memory, thresholds.criticalMemory],
    ["load", figure(reading, "load5"), thresholds.load, Number.POSITIVE_INFINITY],
    ["GPU", figure(reading, "gpuPercent"), thresholds.gpu, thresholds.criticalGpu],
  ] as const;
  const over = (place: 2 | 3): string | undefined => {
    const found = figures.find((one) => one[1] !== undefined && one[1] > one[place]);
    return found && `${found[0]} at ${Math.round((found[1] ?? 0) * 10) / 10} is over ${found[place]}`;
  };
  const critical = over(3);
  if (critical !== undefined) return { state: "critical", target: "cloud", reason: critical, metrics: reading };
  const constrained = over(2);
  if (constrained !== undefined)
    return { state: "constrained", target: "cloud", reason: constrained, metrics: reading };
  const target = figure(reading, "gpuPercent") === undefined ? "local_cpu" : "local_gpu";
  return { state: "available", target, reason: "every figure is within its threshold", metrics: reading };
}
