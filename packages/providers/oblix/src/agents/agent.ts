import type { JsonValue, Monitor } from "@colloquy/core/contract";

/** What an agent makes of its last reading. */
export interface Verdict {
  /** For the built-in agents: available, constrained, critical; optimal, degraded, disconnected; or `unknown`. */
  readonly state: string;
  /** Where models should run: local_cpu, local_gpu, cloud; local, hybrid; or `unknown`. */
  readonly target: string;
  readonly reason: string;
  /** The reading itself. Absent while there is none. */
  readonly metrics?: JsonValue;
}

/** Watches something and judges it. Measuring happens in the background; judging is pure. */
export interface Agent extends Monitor {
  /** `reading`: the last one, or undefined while nothing was measured, or it could not be. */
  judge(reading: JsonValue | undefined): Verdict;
}

export const unknownVerdict = (what: string): Verdict => ({
  state: "unknown",
  target: "unknown",
  reason: `${what} not measured yet, or cannot be measured here`,
});
