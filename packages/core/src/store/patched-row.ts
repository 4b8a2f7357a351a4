import { deliveryOrder } from "../contract/index.js";
import type { OutboxDelivery, OutboxPatch, OutboxRow } from "./store.js";

/** What a store keeps after a move: the text of a sent message goes, and its delivery never goes back. */
export function patchedRow(row: OutboxRow, patch: OutboxPatch): OutboxRow {
  const delivery = laterDelivery(row.delivery, patch.delivery);
  const moved = { ...row, ...patch, ...(delivery ? { delivery } : {}) };
  return moved.state === "sent" ? { ...moved, message: null } : moved;
}

function laterDelivery(
  stored: OutboxDelivery | undefined,
  heard: OutboxDelivery | undefined,
): OutboxDelivery | undefined {
  if (!stored || !heard) return heard ?? stored;
  return deliveryOrder.indexOf(heard.status) > deliveryOrder.indexOf(stored.status) ? heard : stored;
}
