import type { InstantMs, RawDelivery, SessionId } from "../contract/index.js";
import type { DeliveryVerdict } from "./verdict.js";
import type { WebhookEvent } from "./webhook-event.js";

/** The inbox of a session, for consumers that do not sit in a loop over `session.events()`. */
export interface SessionInbox {
  /** Checks the signature against the secret that is stored with the session. */
  verify(delivery: RawDelivery): Promise<DeliveryVerdict>;
  /**
   * Stores a delivery whose origin was checked, tells the readers and the lifecycle, and returns what was new.
   * Throws errors of category `store`; nothing is kept then.
   */
  accept(delivery: RawDelivery): Promise<readonly WebhookEvent[]>;
  /** What arrived at `untilAtMs` (default: whenever) or before and nobody handled, oldest first. `limit` default 1,000. */
  unhandled(query?: { readonly untilAtMs?: InstantMs; readonly limit?: number }): Promise<readonly WebhookEvent[]>;
  /** Marks as handled: no reader gets them again. */
  settle(occurrenceIds: readonly string[]): Promise<void>;
}

/** What the handler needs of a session; every `Session` is one. */
export interface WebhookSession {
  readonly id: SessionId;
  readonly inbox: SessionInbox;
}
