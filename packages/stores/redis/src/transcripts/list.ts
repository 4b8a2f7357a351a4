import {
  type Conversation,
  type ConversationPage,
  type ConversationQuery,
  conversationFilter,
  invalid,
  limitOf,
} from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import type { Place } from "./places.js";
import { type Found, placed, type Shelf } from "./shelf.js";

/** Read at once while a list is filtered. ASSUMED: some hundred kilobytes. */
const mostInBatch = 200;

/** Reads what it skips, so an owner or a session is the cheap way to ask for few. */
export async function listConversations(
  shelf: Shelf,
  { after, limit, ...query }: ConversationQuery = {},
): Promise<ConversationPage> {
  const fits = conversationFilter(query);
  const most = limitOf(limit, 50, 1_000);
  const isOpenOnly = query.titleContains !== undefined || (query.where?.length ?? 0) > 0;
  const isFiltered = Object.values(query).some((value) => value !== undefined);
  const conversations: Conversation[] = [];
  let last = after === undefined ? undefined : placeOf(after);
  let cursor = "";
  for (;;) {
    const count = isFiltered ? mostInBatch : Math.min(mostInBatch, most - conversations.length + 1);
    const places = await shelf.places.page(orderOf(shelf, query), last, count);
    for (const { place, found } of await foundAt(shelf, places, orderOf(shelf, query), isOpenOnly)) {
      if (!fits(found.conversation)) continue;
      if (conversations.length >= most) return { conversations, cursor };
      conversations.push(found.conversation);
      cursor = `${place.atMs}:${place.id}`;
    }
    last = places.at(-1);
    if (places.length < count) return { conversations };
  }
}

/** All of an owner's, or of everybody's, but what is encrypted; a batch at a time. */
export async function* everyConversation(
  shelf: Shelf,
  query: Pick<ConversationQuery, "ownerId">,
): AsyncGenerator<readonly Found[]> {
  const order = orderOf(shelf, query);
  for (let last: Place | undefined; ; ) {
    const places = await shelf.places.page(order, last, mostInBatch);
    yield (await foundAt(shelf, places, order, true)).map(({ found }) => found);
    last = places.at(-1);
    if (places.length < mostInBatch) return;
  }
}

export async function forgetSession(shelf: Shelf, sessionId: SessionId): Promise<void> {
  const order = shelf.keys.ofSession(sessionId);
  for (;;) {
    const places = await shelf.places.page(order, undefined, mostInBatch);
    if (places.length === 0) return;
    for (const place of places) {
      const head = await shelf.head(place.id);
      if (head?.session === JSON.stringify(sessionId)) await shelf.remove(place.id);
      else await shelf.places.drop(place, order);
    }
  }
}

function orderOf({ keys }: Shelf, { ownerId, sessionId }: Pick<ConversationQuery, "ownerId" | "sessionId">): string {
  if (sessionId !== undefined) return keys.ofSession(sessionId);
  return ownerId === undefined ? keys.order : keys.ofOwner(ownerId);
}

/** `isOpenOnly`: what is encrypted cannot match, so its key is not needed either. */
async function foundAt(
  shelf: Shelf,
  places: readonly Place[],
  order: string,
  isOpenOnly: boolean,
): Promise<readonly { readonly place: Place; readonly found: Found }[]> {
  const heads = await Promise.all(places.map(({ id }) => shelf.head(id)));
  const there: { readonly place: Place; readonly found: Found }[] = [];
  for (const [index, place] of places.entries()) {
    const head = heads[index];
    if (!head) {
      await shelf.places.drop(place, order, shelf.keys.due);
      continue;
    }
    const now = placed(head);
    // Its writer died, or is about to do the same.
    if (now.updatedAtMs > place.atMs) await shelf.places.move({ id: place.id, ...now });
    if (!isOpenOnly || head.seal === "") there.push({ place, found: await shelf.open(place.id, head) });
  }
  return there;
}

function placeOf(cursor: string): Pick<Place, "id" | "atMs"> {
  const match = /^(-?\d+):(.+)$/s.exec(cursor);
  if (!match) throw invalid("`after` is not a cursor of this store.");
  return { atMs: Number(match[1]), id: match[2] as string };
}
