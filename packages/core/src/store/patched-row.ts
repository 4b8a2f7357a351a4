import { deliveryOrder } from "../contract/index.js";
import type { OutboxDelivery, OutboxPatch, OutboxRow } from "./store.js";

/**
 * What a store keeps after a move: the text of a sent message goes, its delivery never goes back, and what is queued again
 * begins anew.
 */
export function patchedRow(row: OutboxRow, patch: OutboxPatch): OutboxRow {
  const delivery = laterDelivery(row.delivery, patch.delivery);
  const moved = { ...row, ...patch, ...(delivery ? { delivery } : {}) };
  if (moved.state === "sent") return { ...moved, message: null };
  return moved.state === "queued" ? beginningAnew(moved) : moved;
}

function beginningAnew(row: OutboxRow): OutboxRow {
  const { startedAtMs: _started, settledAtMs: _settled, lookedAtMs: _looked, error: _error, ...kept } = row;
  return kept;
}

function laterDelivery(
  stored: OutboxDelivery | undefined,
  heard: OutboxDelivery | undefined,
): OutboxDelivery | undefined {
  if (!stored || !heard) return heard ?? stored;
  return deliveryOrder.indexOf(heard.status) > deliveryOrder.indexOf(stored.status) ? heard : stored;
}
