import type { AnyProvider, ColloquyError, ProviderEvent } from "../contract/index.js";
import type { SessionRecord } from "../store/store.js";
import type { Exchanges } from "./exchanges.js";
import type { Receipts } from "./receipts/receipts.js";
import type { SessionEvent } from "./session-event.js";

/** May messages leave now? `wait`: not yet, but the session is on its way. An error: no, and this is why. */
export type Leave = "now" | "wait" | ColloquyError;

/** The session as its outbox sees it. */
export interface OutboxSession {
  readonly provider: AnyProvider;
  readonly record: SessionRecord;
  readonly exchanges: Exchanges;
  readonly receipts: Receipts;
  leave(): Leave;
  publish(event: SessionEvent): void;
  /** Stores what an answer told, so that it is read even by a later process. */
  keep(events: readonly ProviderEvent[]): Promise<unknown>;
  /** The provider refused a message because the session is not connected, whatever we believed. */
  notConnected(): void;
}
