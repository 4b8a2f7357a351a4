import { ColloquyError, type DeliveryStatus, deliveryOrder, type InstantMs } from "../../contract/index.js";
import type { OutboxDelivery, OutboxRow } from "../../store/store.js";
import { redactedExcerpt } from "../../transport/redact.js";

export interface ReceiptOptions {
  readonly signal?: AbortSignal;
  /** In milliseconds. Default: no limit, and a phone may be off for days. Ends with `WAIT_TIMEOUT`. */
  readonly timeoutMs?: number;
}

/** Proof that a message got as far as was asked, or further. In a group: for at least one member. */
export interface DeliveryReceipt {
  readonly status: DeliveryStatus;
  /** When this process, or the one that stored it, first heard of the status. */
  readonly atMs: InstantMs;
}

export interface DeliveryFailure {
  readonly atMs: InstantMs;
  /** The provider's words. */
  readonly reason?: string;
}

export type ReceiptGoal = "delivered" | "read" | "failed";

/** What a status means for a wait: it goes on, it is over, or it can never come true. */
export type Verdict = "open" | "reached" | "impossible";

export function verdictOn(goal: ReceiptGoal, status: DeliveryStatus | undefined): Verdict {
  if (status === undefined) return "open";
  if (goal === "failed")
    return status === "failed" ? "reached" : isAtLeast(status, "delivered") ? "impossible" : "open";
  if (status === "failed") return "impossible";
  return isAtLeast(status, goal) ? "reached" : "open";
}

/** The later of two statuses, in the order of `deliveryOrder`. */
export function laterOf(
  one: OutboxDelivery | undefined,
  other: OutboxDelivery | undefined,
): OutboxDelivery | undefined {
  if (!one || !other) return one ?? other;
  return isAtLeast(one.status, other.status) ? one : other;
}

export function isLater(heard: OutboxDelivery, known: OutboxDelivery | undefined): boolean {
  return !known || !isAtLeast(known.status, heard.status);
}

export function deliveryFailed(row: OutboxRow): ColloquyError {
  const { reason } = row.delivery ?? {};
  return new ColloquyError({
    code: "DELIVERY_FAILED",
    message: `Message ${row.id} was taken by the provider and did not reach its recipient.`,
    sessionId: row.sessionId,
    ...(reason === undefined ? {} : { providerMessage: redactedExcerpt(reason, []) }),
  });
}

function isAtLeast(status: DeliveryStatus, wanted: DeliveryStatus): boolean {
  return deliveryOrder.indexOf(status) >= deliveryOrder.indexOf(wanted);
}
