import { type Clock, systemClock } from "../clock.js";
import type { AnyProvider } from "../contract/index.js";
import { defaultReconnectPolicy, type ReconnectPolicy } from "../lifecycle/policy.js";
import { type Logger, silentLogger } from "../logger.js";
import { detectTelemetry } from "../open-telemetry.js";
import { type Random, systemRandom } from "../random.js";
import { memoryStore } from "../store/memory.js";
import type { Store } from "../store/store.js";
import type { Telemetry } from "../telemetry.js";
import type { TransportOptions } from "../transport/options.js";
import type { OnPacing } from "../transport/pacing.js";
import { createTransport } from "../transport/transport.js";
import type { OnUnknown, Runtime } from "./runtime.js";

export interface ColloquyOptions<Providers extends readonly AnyProvider[]> {
  readonly providers: Providers;
  /** Default: memory, which forgets everything when the process ends. */
  readonly store?: Store;
  /** How sessions come back after a drop. */
  readonly reconnect?: Partial<ReconnectPolicy>;
  /** Byte limits, attempts and timeouts of the transport. */
  readonly transport?: Omit<TransportOptions, "clock" | "random" | "logger" | "telemetry" | "onPacing">;
  /** What becomes of messages whose fate is unknown. Default `reconcile`: look at the provider, where it can be asked; else hold. */
  readonly onUnknown?: OnUnknown;
  /** Default: silent. */
  readonly logger?: Logger;
  /** Default: OpenTelemetry when `@opentelemetry/api` is installed, otherwise nothing. */
  readonly telemetry?: Telemetry;
  /** For tests. Default: the machine's. */
  readonly clock?: Clock;
  /** For tests. Default: `Math.random`. */
  readonly random?: Random;
}

export function createRuntime(
  options: ColloquyOptions<readonly AnyProvider[]>,
  onPacing: OnPacing,
  ownership: Pick<Runtime, "refusal" | "claim">,
): Runtime {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const logger = options.logger ?? silentLogger;
  const telemetry = options.telemetry ?? detectTelemetry();
  return {
    store: options.store ?? memoryStore({ clock }),
    transport: createTransport({ ...options.transport, clock, random, logger, telemetry, onPacing }),
    clock,
    random,
    logger,
    telemetry,
    policy: { ...defaultReconnectPolicy, ...options.reconnect },
    onUnknown: options.onUnknown ?? "reconcile",
    ...ownership,
  };
}
