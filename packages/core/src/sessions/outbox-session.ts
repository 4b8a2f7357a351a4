import type { AnyProvider, ColloquyError, ProviderEvent } from "../contract/index.js";
import type { SessionRecord } from "../store/store.js";
import type { Turns } from "./asks/turns.js";
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
  /** The epoch under which this process is the one writer; undefined while it only reads. */
  readonly epoch: number | undefined;
  publish(event: SessionEvent): void;
  /** Stores what an answer told, so that it is read even by a later process. */
  keep(events: readonly ProviderEvent[]): Promise<unknown>;
  /** Numbers what is accepted, for services that take messages and questions one by one. */
  readonly turns: Turns;
  /** A message was settled: a question may have waited for it. */
  turnIsOver(): void;
  /** The store did not let this process take a message: it looks whether somebody else has taken the session over. */
  notOurs(): void;
  /** The provider refused a message because the session is not connected, whatever we believed. */
  notConnected(): void;
}
