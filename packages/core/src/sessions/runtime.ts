import type { Clock } from "../clock.js";
import type { ReconnectPolicy } from "../lifecycle/policy.js";
import type { Logger } from "../logger.js";
import type { Random } from "../random.js";
import type { Store } from "../store/store.js";
import type { Telemetry } from "../telemetry.js";
import type { Transport } from "../transport/exchange.js";

/** What every part of a running Colloquy shares. */
export interface Runtime {
  readonly store: Store;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly policy: ReconnectPolicy;
}
