import type { JsonValue } from "@colloquy/core/contract";
import { type Agent, unknownVerdict, type Verdict } from "./agent.js";
import { type ConnectTarget, networkProbe } from "./network-probe.js";
import { figure, withDefaults } from "./thresholds.js";

export interface ConnectivityThresholds {
  /** Default 500, as Oblix does; its documentation says 200. */
  readonly latencyMs: number;
  /** Default 10. */
  readonly packetLossPercent: number;
  /** Default 5. */
  readonly bandwidthMbps: number;
}

/** What is not known is absent. A line that answers nothing has a loss of 100 and no latency. */
export interface ConnectivityReading {
  readonly latencyMs?: number;
  readonly packetLossPercent: number;
  readonly bandwidthMbps?: number;
}

export interface ConnectivityAgentOptions {
  readonly thresholds?: Partial<ConnectivityThresholds>;
  /** How old a reading may be before it is replaced, in milliseconds. Default 30,000. */
  readonly checkIntervalMs?: number;
  /** Where the default probe connects to. Default: port 443 of 8.8.8.8 and 1.1.1.1. */
  readonly targets?: readonly ConnectTarget[];
  /** Default: the time that TCP connections take. Bandwidth is not measured by it. */
  readonly probe?: () => ConnectivityReading | Promise<ConnectivityReading>;
}

const defaults: ConnectivityThresholds = { latencyMs: 500, packetLossPercent: 10, bandwidthMbps: 5 };

/** Tells whether models elsewhere can be reached. */
export function connectivityAgent(options: ConnectivityAgentOptions = {}): Agent {
  const { checkIntervalMs = 30_000, targets, probe = networkProbe(targets) } = options;
  const thresholds = withDefaults("connectivityAgent", defaults, options.thresholds);
  return {
    name: "connectivity_agent",
    maxAgeMs: checkIntervalMs,
    measure: async () => ({ ...(await probe()) }),
    judge: (reading) => judgeConnectivity(reading, thresholds),
  };
}

function judgeConnectivity(reading: JsonValue | undefined, thresholds: ConnectivityThresholds): Verdict {
  if (reading === undefined) return unknownVerdict("The network was");
  const latencyMs = figure(reading, "latencyMs");
  const loss = figure(reading, "packetLossPercent");
  const bandwidth = figure(reading, "bandwidthMbps");
  const told = (state: string, target: string, reason: string): Verdict => ({
    state,
    target,
    reason,
    metrics: reading,
  });
  if (loss !== undefined && loss >= 100) return told("disconnected", "local", "nothing answers");
  if (bandwidth === 0) return told("disconnected", "local", "there is no bandwidth");
  if (latencyMs !== undefined && latencyMs > thresholds.latencyMs)
    return told("degraded", "hybrid", `latency of ${Math.round(latencyMs)} ms is over ${thresholds.latencyMs}`);
  if (loss !== undefined && loss > thresholds.packetLossPercent)
    return told("degraded", "hybrid", `loss of ${Math.round(loss)} % is over ${thresholds.packetLossPercent}`);
  if (bandwidth !== undefined && bandwidth < thresholds.bandwidthMbps)
    return told("degraded", "hybrid", `bandwidth of ${bandwidth} Mbps is under ${thresholds.bandwidthMbps}`);
  return told("optimal", "local", "every figure is within its threshold");
}
