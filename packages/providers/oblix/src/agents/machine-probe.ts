import { readFile } from "node:fs/promises";
import { cpus, freemem, loadavg, platform, totalmem } from "node:os";
import { gpuProbe } from "./gpu-probe.js";
import type { ResourceReading } from "./resource-monitor.js";

/** Reads this machine. CPU is what was used since the reading before; the first one covers the time since the machine started. */
export function machineProbe(
  gpuPercentNow: () => Promise<number | undefined> = gpuProbe(),
): () => Promise<ResourceReading> {
  let before = { busy: 0, total: 0 };
  return async () => {
    const now = cpuTimes();
    const total = now.total - before.total;
    const cpuPercent = total > 0 ? (100 * (now.busy - before.busy)) / total : undefined;
    before = now;
    const gpuPercent = await gpuPercentNow();
    const load5 = platform() === "win32" ? undefined : loadavg()[1];
    return {
      ...(cpuPercent === undefined ? {} : { cpuPercent }),
      memoryPercent: 100 * (1 - (await availableBytes()) / totalmem()),
      ...(load5 === undefined ? {} : { load5 }),
      ...(gpuPercent === undefined ? {} : { gpuPercent }),
    };
  };
}

function cpuTimes(): { readonly busy: number; readonly total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

/** Linux counts what it caches as used, though it would give it back. */
async function availableBytes(): Promise<number> {
  if (platform() !== "linux") return freemem();
  const told = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(told)?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1_024;
}
