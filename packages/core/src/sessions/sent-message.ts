import {
  ColloquyError,
  type ErrorCode,
  errorCatalogue,
  type InstantMs,
  type MessageId,
  type Outcome,
  type RateLimitReading,
  type SessionId,
} from "../contract/index.js";
import type { OutboxDelivery, OutboxError, OutboxRow } from "../store/store.js";
import type { DeliveryFailure, DeliveryReceipt, ReceiptOptions } from "./receipts/receipt.js";
import type { Receipts } from "./receipts/receipts.js";

/**
 * A message that the provider took. Taken is not delivered: ask `delivered()`, `read()` or `failed()`, which cost nothing until
 * they are called and also know what was told before. They listen to events (webhooks), and look at the provider after 2 s, 4 s
 * and so on up to every 5 minutes, so that they work without a public address; where events arrive, from 60 s on.
 *
 * Each rejects with `WAIT_TIMEOUT` after `timeoutMs`, with the signal's reason when aborted, with `SHUT_DOWN` when Colloquy is
 * shut down first, and with `UNSUPPORTED` when the provider tells nothing after taking a message. A promise that nobody awaits
 * may be dropped: its rejection is never an unhandled one.
 */
export interface SentMessage {
  /** Ours. */
  readonly id: MessageId;
  readonly sessionId: SessionId;
  readonly providerMessageId: string;
  /** The provider's word for the state, for example `in_progress`. */
  readonly status: string;
  readonly acceptedAtMs: InstantMs;
  readonly sentAtMs: InstantMs;
  /** What the answer told of limits; empty for a message that an earlier process sent. */
  readonly rateLimits: readonly RateLimitReading[];
  /** Resolves when it reached the recipient; what was read or played was delivered. Rejects with `DELIVERY_FAILED`. */
  delivered(options?: ReceiptOptions): Promise<DeliveryReceipt>;
  /** Resolves when it was read or played. Rejects with `DELIVERY_FAILED`. Never comes for people who hide read receipts. */
  read(options?: ReceiptOptions): Promise<DeliveryReceipt>;
  /** Resolves with the reason when it failed, and with undefined once it was delivered and so can no longer fail. */
  failed(options?: ReceiptOptions): Promise<DeliveryFailure | undefined>;
}

/** What became of one message of `sendAll`. `queued`: this process lets go, and the next one goes on with it. */
export type SendResult =
  | { readonly id: MessageId; readonly state: "sent"; readonly sent: SentMessage }
  | { readonly id: MessageId; readonly state: "failed" | "unknown" | "cancelled" | "queued"; readonly error: unknown };

export function sentMessage(
  row: OutboxRow,
  receipts: Receipts,
  rateLimits: readonly RateLimitReading[] = [],
): SentMessage {
  return new Sent(row, receipts, rateLimits);
}

class Sent implements SentMessage {
  readonly id: MessageId;
  readonly sessionId: SessionId;
  readonly providerMessageId: string;
  readonly status: string;
  readonly acceptedAtMs: InstantMs;
  readonly sentAtMs: InstantMs;
  readonly rateLimits: readonly RateLimitReading[];
  readonly #receipts: Receipts;

  constructor(row: OutboxRow, receipts: Receipts, rateLimits: readonly RateLimitReading[]) {
    this.id = row.id;
    this.sessionId = row.sessionId;
    this.providerMessageId = row.receipt?.providerMessageId ?? "";
    this.status = row.receipt?.status ?? "";
    this.acceptedAtMs = row.acceptedAtMs;
    this.sentAtMs = row.settledAtMs ?? row.acceptedAtMs;
    this.rateLimits = rateLimits;
    this.#receipts = receipts;
  }

  delivered(options?: ReceiptOptions): Promise<DeliveryReceipt> {
    return quietly(this.#receipts.wait(this.id, "delivered", options).then(receiptOf));
  }

  read(options?: ReceiptOptions): Promise<DeliveryReceipt> {
    return quietly(this.#receipts.wait(this.id, "read", options).then(receiptOf));
  }

  failed(options?: ReceiptOptions): Promise<DeliveryFailure | undefined> {
    const failureOf = (delivery: OutboxDelivery | undefined): DeliveryFailure | undefined => {
      if (!delivery) return undefined;
      const { atMs, reason } = delivery;
      return reason === undefined ? { atMs } : { atMs, reason };
    };
    return quietly(this.#receipts.wait(this.id, "failed", options).then(failureOf));
  }
}

function receiptOf(delivery: OutboxDelivery | undefined): DeliveryReceipt {
  const { status, atMs } = delivery as OutboxDelivery;
  return { status, atMs };
}

/** A rejection that nobody awaits is not an unhandled one. */
function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

export function outboxError(error: unknown): OutboxError {
  if (error instanceof ColloquyError) return { code: error.code, message: error.message, outcome: error.outcome };
  return {
    code: "CANCELLED",
    message: error instanceof Error ? error.message : "Cancelled.",
    outcome: "not_attempted",
  };
}

/** The error that an earlier send of the same id ended with. */
export function storedError(row: OutboxRow): ColloquyError {
  const { code, message, outcome } = row.error ?? {
    code: "OUTCOME_UNKNOWN",
    message: "What became of this message is not known.",
    outcome: "unknown",
  };
  return new ColloquyError({
    code: code in errorCatalogue ? (code as ErrorCode) : "COMMAND_REFUSED",
    message,
    outcome: outcome as Outcome,
    sessionId: row.sessionId,
  });
}
