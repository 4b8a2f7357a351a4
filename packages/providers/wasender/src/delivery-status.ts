import type { DeliveryStatus } from "@colloquy/core/contract";

/** The wire's number is the place in this list: 0 error, 1 pending, 2 sent, 3 delivered, 4 read, 5 played. */
const statuses: readonly DeliveryStatus[] = ["failed", "pending", "sent", "delivered", "read", "played"];

/** The common word of a delivery status; `undefined` for a number that the documentation does not list. */
export function deliveryStatus(value: unknown): DeliveryStatus | undefined {
  return typeof value === "number" ? statuses[value] : undefined;
}
