import type { InstantMs } from "./ids.js";
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
 * From the first to the last. What was delivered did not fail, whatever was said before; so of two statuses the later one in
 * this list holds, in whichever order they arrive.
 */
export const deliveryOrder: readonly DeliveryStatus[] = ["pending", "sent", "failed", "delivered", "read", "played"];

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
      /** The network's own message key. Core joins it to the message that we sent: see `SendFacet.progress`. */
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

/** Addresses of one person, joined: networks name the same person by a number in one delivery and by a hidden id in the next. */
export interface IdentityBook {
  /** Remembers that both are one person. */
  learn(lid: string, phone: string): void;
  phoneOf(lid: string): string | undefined;
  lidOf(phone: string): string | undefined;
}

/** What a reader may know beside the delivery. */
export interface ReadContext {
  /** What earlier deliveries told of identities; the reader adds what this one tells. Default: nothing is known or kept. */
  readonly identities?: IdentityBook;
  /**
   * Whether a session takes the signals. Where none does, what would be a signal alone is told as a `provider` event, too, so
   * that nothing is lost. Default true.
   */
  readonly hasSession?: boolean;
  /** When the delivery arrived; tells undated ones of the same words apart. */
  readonly receivedAtMs?: InstantMs;
}
