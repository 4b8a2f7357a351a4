import { limitOf, type SweepOptions, type SweepResult } from "@colloquy/core";
import type { Place } from "./places.js";
import { type Head, placed, type Shelf } from "./shelf.js";

export async function sweepConversations(
  shelf: Shelf,
  { nowMs, untouchedSinceMs, ownerId, limit }: SweepOptions,
): Promise<SweepResult> {
  const most = limitOf(limit, 100, 1_000);
  const { keys, places } = shelf;
  const due = new Set<string>();
  await gather(shelf, keys.due, `${nowMs}`, most, due, async (place, head) => {
    const { expiresAtMs } = placed(head);
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs) return true;
    await places.delay(place, expiresAtMs);
    return false;
  });
  if (untouchedSinceMs !== undefined) {
    const order = ownerId === undefined ? keys.order : keys.ofOwner(ownerId);
    await gather(shelf, order, `(${untouchedSinceMs}`, most, due, async (place, head) => {
      const { updatedAtMs, ...rest } = placed(head);
      if (updatedAtMs > place.atMs) await places.move({ id: place.id, updatedAtMs, ...rest });
      return updatedAtMs < untouchedSinceMs && (ownerId ?? rest.ownerId) === rest.ownerId;
    });
  }
  const removed = [...due].slice(0, most);
  for (const id of removed) await shelf.remove(id);
  return { removed, hasMore: due.size > most };
}

/** Takes one more than asked for, which tells whether there is more. What is not to go is skipped, or is put right and so moves away. */
async function gather(
  shelf: Shelf,
  order: string,
  until: string,
  most: number,
  due: Set<string>,
  isDue: (place: Place, head: Head) => Promise<boolean>,
): Promise<void> {
  for (let skipped = 0; due.size <= most; ) {
    const found = await shelf.places.earliest(order, until, skipped, most + 1);
    let stayed = 0;
    for (const place of found) {
      const head = await shelf.head(place.id);
      if (!head) await shelf.places.drop(place, order, shelf.keys.due);
      else if (await isDue(place, head)) {
        due.add(place.id);
        stayed++;
      }
    }
    skipped += stayed;
    if (found.length <= most) return;
  }
}
