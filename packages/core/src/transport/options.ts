import type { AxiosAdapter } from "axios";
import type { Clock } from "../clock.js";
import type { Logger } from "../logger.js";
import type { Random } from "../random.js";
import type { Telemetry } from "../telemetry.js";
import type { OnPacing } from "./pacing.js";
import type { SharedBudget } from "./shared/shared-budget.js";
import type { WakeScheduler } from "./wake.js";

/** Bounds that keep one bad answer or one bad hour from taking the process along. */
export interface TransportLimits {
  /** Longest answer taken, after decompression. Default 10 MiB. Larger: `RESPONSE_TOO_LARGE`. */
  readonly maxResponseBytes?: number;
  /** Longest request body sent. Default 100 MiB, the largest upload a described provider takes. */
  readonly maxRequestBytes?: number;
  /** From the moment an attempt leaves until its answer is whole. Default 30,000. */
  readonly attemptTimeoutMs?: number;
  /** Attempts in all that were not refused for their rate. Default 4. */
  readonly maxAttempts?: number;
  /** How often one call may be refused for its rate before it fails with `RATE_LIMITED`. Default 8. */
  readonly maxRefusals?: number;
  /**
   * For all attempts and the back-off between them, counted from the first attempt. Waiting for a limit is not counted:
   * a long queue is not a failing provider. Default 120,000.
   */
  readonly totalTimeoutMs?: number;
  /**
   * Most requests in flight at once for one session, or for the account when a call has no session. Four, and more where
   * answers take so long that four would set the pace: 32 from 80 ms on. Default 32.
   */
  readonly maxConcurrentPerSession?: number;
  /** First back-off after a failed attempt; doubles each time, full jitter. Default 250. */
  readonly backoffBaseMs?: number;
  /** Longest back-off. Default 10,000. */
  readonly backoffCapMs?: number;
  /**
   * Failures of one host in a row (no connection, 5xx) after which calls to it fail at once, with nothing attempted, until one
   * of them finds it well again. A refusal for the rate is none. Default 8; `Infinity` for never.
   */
  readonly failuresToOpenCircuit?: number;
  /** For how long they fail at first, with jitter; doubles while it stays so. Default 1,000. */
  readonly circuitBaseMs?: number;
  /** The longest of it. Default 30,000. */
  readonly circuitCapMs?: number;
}

export interface TransportOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: `Math.random`. */
  readonly random?: Random;
  /** Default: silent. */
  readonly logger?: Logger;
  /** Default: none. */
  readonly telemetry?: Telemetry;
  readonly limits?: TransportLimits;
  /** Runs the gate's wake-ups. Default: one Bottleneck job each. */
  readonly wake?: WakeScheduler;
  /**
   * Lets several processes on one account stay together within its limits. Closed with the transport. Default: each process
   * keeps the limits by itself and takes the others for strangers.
   */
  readonly sharedBudget?: SharedBudget;
  /** Told when a session's requests begin and cease to wait for a limit. */
  readonly onPacing?: OnPacing;
  /** What carries one exchange instead of axios' own HTTP adapter, for example in tests without a network. */
  readonly adapter?: AxiosAdapter;
}

// ASSUMED, all of them, except where the docstring names a source: round figures that suit messaging APIs.
export const defaultTransportLimits: Required<TransportLimits> = {
  maxResponseBytes: 10 * 1024 * 1024,
  maxRequestBytes: 100 * 1024 * 1024,
  attemptTimeoutMs: 30_000,
  maxAttempts: 4,
  maxRefusals: 8,
  totalTimeoutMs: 120_000,
  maxConcurrentPerSession: 32,
  backoffBaseMs: 250,
  backoffCapMs: 10_000,
  failuresToOpenCircuit: 8,
  circuitBaseMs: 1_000,
  circuitCapMs: 30_000,
};

/** Fills what was left out, and refuses what cannot work: a `TypeError`, as it is a mistake in the program. */
export function resolveLimits(given: TransportLimits = {}): Required<TransportLimits> {
  const limits: Record<string, number> = { ...defaultTransportLimits };
  for (const [name, value] of Object.entries(given as Record<string, number | undefined>)) {
    if (value === undefined) continue;
    if (!(name in defaultTransportLimits)) throw new TypeError(`Unknown transport limit "${name}".`);
    if (typeof value !== "number" || !(value > 0)) throw new TypeError(`limits.${name} must be a number above 0.`);
    limits[name] = value;
  }
  return limits as unknown as Required<TransportLimits>;
}
