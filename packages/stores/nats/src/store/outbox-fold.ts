import type { OutboxRow, OutboxState } from "@colloquy/core";
import type { MessageId } from "@colloquy/core/contract";
import type { Fold } from "./journal.js";

export interface Outbox {
  /** Number n at n - 1. */
  readonly rows: OutboxRow[];
  readonly placeOf: Map<MessageId, number>;
  readonly placesOfKey: Map<string, Set<number>>;
  readonly counts: Record<OutboxState, number>;
  /** Writers of an older epoch are refused. */
  fence: number;
  /** Of texts that were sent since the whole state was written or read. */
  freedBytes: number;
}

export type OutboxEvent =
  | { readonly add: readonly Omit<OutboxRow, "seq">[] }
  /** Without the message when that stays as it is. */
  | { readonly put: Omit<OutboxRow, "message"> & { readonly message?: OutboxRow["message"] } }
  | { readonly fence: number };

interface Kept {
  readonly rows: readonly OutboxRow[];
  readonly fence: number;
}

function emptyOutbox(): Outbox {
  const counts = { queued: 0, sending: 0, sent: 0, failed: 0, unknown: 0, cancelled: 0 };
  return { rows: [], placeOf: new Map(), placesOfKey: new Map(), counts, fence: 0, freedBytes: 0 };
}

function file({ rows, placeOf, placesOfKey, counts }: Outbox, place: number, row: OutboxRow): void {
  const before = rows[place];
  if (before) counts[before.state]--;
  counts[row.state]++;
  rows[place] = row;
  placeOf.set(row.id, place);
  if (before?.messageKey === row.messageKey) return;
  if (before?.messageKey !== undefined) placesOfKey.get(before.messageKey)?.delete(place);
  if (row.messageKey === undefined) return;
  const places = placesOfKey.get(row.messageKey) ?? new Set();
  placesOfKey.set(row.messageKey, places.add(place));
}

export const outboxFold: Fold<Outbox, OutboxEvent, Kept> = {
  empty: emptyOutbox,
  apply(outbox, event) {
    if ("fence" in event) {
      outbox.fence = Math.max(outbox.fence, event.fence);
      return;
    }
    if ("put" in event) {
      const place = outbox.placeOf.get(event.put.id);
      const before = place === undefined ? undefined : outbox.rows[place];
      if (place === undefined || !before) return;
      const { message = before.message } = event.put;
      if (before.message && !message) outbox.freedBytes += Buffer.byteLength(JSON.stringify(before.message));
      file(outbox, place, { ...event.put, message });
      return;
    }
    for (const row of event.add) {
      if (outbox.placeOf.has(row.id)) continue;
      const place = outbox.rows.length;
      file(outbox, place, { ...row, seq: place + 1 });
    }
  },
  freedBytes: ({ freedBytes }) => freedBytes,
  keep: ({ rows, fence }) => ({ rows, fence }),
  restore({ rows, fence }) {
    const outbox = emptyOutbox();
    outbox.fence = fence;
    for (const [place, row] of rows.entries()) file(outbox, place, row);
    return outbox;
  },
};
