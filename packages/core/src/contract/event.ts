import type { InboundMessage } from "./message.js";
import type { RemoteSignal } from "./observation.js";

/** A webhook, frame or broker message as it arrived. */
export interface RawDelivery {
  /** Header names in lower case. Empty for sources without headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes: signatures are checked over these. */
  readonly body: Uint8Array;
}

/** Progress of a message that we sent. */
export type DeliveryStatus = "failed" | "pending" | "sent" | "delivered" | "read" | "played";

/**
 * One thing that happened, in the common words, with what the provider said kept beside it.
 * `occurrenceId` is stable for one occurrence however often and under whichever names it is delivered.
 */
export type ProviderEvent =
  | {
      readonly type: "message.received";
      readonly occurrenceId: string;
      readonly message: InboundMessage;
      readonly raw: unknown;
    }
  | {
      readonly type: "message.status";
      readonly occurrenceId: string;
      /** The network's own message key; join it to `SentMessage.providerMessageId` by the provider's message info. */
      readonly messageKey: string;
      readonly status: DeliveryStatus;
      readonly reason?: string;
      readonly raw: unknown;
    }
  /** Everything without a common word, also what we have never seen: kept, never thrown. */
  | { readonly type: "provider"; readonly occurrenceId: string; readonly name: string; readonly raw: unknown };

/** What one delivery holds: events for the caller, signals for the lifecycle. */
export interface ReadDelivery {
  readonly events: readonly ProviderEvent[];
  readonly signals: readonly RemoteSignal[];
}
