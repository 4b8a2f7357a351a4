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
import type { OutboxError, OutboxRow } from "../store/store.js";

/** A message that the provider took. Taken is not delivered: `message.status` events tell what became of it. */
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
}

/** What became of one message of `sendAll`. `queued`: this process lets go, and the next one goes on with it. */
export type SendResult =
  | { readonly id: MessageId; readonly state: "sent"; readonly sent: SentMessage }
  | { readonly id: MessageId; readonly state: "failed" | "unknown" | "cancelled" | "queued"; readonly error: unknown };

export function sentMessage(row: OutboxRow, rateLimits: readonly RateLimitReading[] = []): SentMessage {
  return {
    id: row.id,
    sessionId: row.sessionId,
    providerMessageId: row.receipt?.providerMessageId ?? "",
    status: row.receipt?.status ?? "",
    acceptedAtMs: row.acceptedAtMs,
    sentAtMs: row.settledAtMs ?? row.acceptedAtMs,
    rateLimits,
  };
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
