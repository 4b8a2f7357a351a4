import type { CancelSignal } from "../cancellation.js";
import type { Clock } from "../clock.js";
import type { AnyOperation, ColloquyError, ProviderId, SessionId, WireResponse } from "../contract/index.js";
import type { ReconnectPolicy } from "../lifecycle/policy.js";
import type { Logger } from "../logger.js";
import type { Random } from "../random.js";
import type { Store } from "../store/store.js";
import type { Telemetry } from "../telemetry.js";
import type { Transport } from "../transport/exchange.js";
import type { AskDesk } from "./asks/ask-desk.js";

/**
 * What becomes of a message whose fate is unknown. `hold`: it stays so, and a person decides. `reconcile`: the provider is asked
 * whether it has it, where it can be asked; what that does not tell is held. `resend`: it is sent again, perhaps twice.
 */
export type OnUnknown = "hold" | "reconcile" | "resend";

/** Carries out operations that name a service of core's own, see `Operation.service`. */
export type LocalService = (
  operation: AnyOperation,
  input: unknown,
  call: {
    readonly providerId: ProviderId;
    readonly remoteId?: string;
    readonly signal?: CancelSignal;
    readonly deadlineAtMs?: number;
  },
) => Promise<WireResponse>;

/** What every part of a running Colloquy shares. */
export interface Runtime {
  readonly store: Store;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly policy: ReconnectPolicy;
  /** Set once the services exist, before anything is called. */
  local?: LocalService;
  /** Likewise. */
  asks?: AskDesk;
  readonly onUnknown: OnUnknown;
  /** Why this process may not act for a session: where workers share them, its lease is another one's. */
  readonly refusal: (sessionId: SessionId) => ColloquyError | undefined;
  /** Called before this process takes a session over: where workers share them, theirs must let go of it. */
  readonly claim: (sessionId: SessionId) => Promise<void>;
}
