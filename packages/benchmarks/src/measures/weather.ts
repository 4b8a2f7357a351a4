import { loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Figures } from "../scenarios/scenario.js";

/**
 * Watches how busy the machine is while the bench only waits: its own timers are late when others have the processor. Bars of
 * a few milliseconds mean nothing on a machine whose timers are late by more.
 */
export function watchWeather(): () => Figures {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  const before = loadavg()[1] ?? 0;
  return () => {
    delays.disable();
    // The histogram counts the resolution itself, in nanoseconds.
    const timerDelayP99Ms = Math.max(0, delays.percentile(99) / 1e6 - 10);
    return { loadAverage: Math.max(before, loadavg()[0] ?? 0), timerDelayP99Ms };
  };
}
