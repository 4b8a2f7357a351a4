import type { Place } from "./session-order.js";
import type { Conversation, ConversationId } from "./transcript-rows.js";

/**
 * Conversations by their last change. An append only notes that one has moved; they are put in order when somebody lists them,
 * all that moved at once.
 */
export class ConversationOrder {
  readonly #find: (id: ConversationId) => Conversation | undefined;
  readonly #moved = new Set<ConversationId>();
  /** Oldest first, right but for what has moved. */
  #places: readonly Place[] = [];

  constructor(find: (id: ConversationId) => Conversation | undefined) {
    this.#find = find;
  }

  /** It was made, changed or removed. */
  note(id: ConversationId): void {
    this.#moved.add(id);
  }

  /** Beginning after the given place. */
  *newestFirst(after?: Place): Generator<Place> {
    this.#settle();
    const places = this.#places;
    for (let index = after ? firstFrom(places, after) : places.length; index > 0; index--)
      yield places[index - 1] as Place;
  }

  #settle(): void {
    if (this.#moved.size === 0) return;
    const moved = [...this.#moved].flatMap((id) => {
      const found = this.#find(id);
      return found ? [placeIn(found)] : [];
    });
    const stayed = this.#places.filter(({ id }) => !this.#moved.has(id));
    // Nearly in order already, which is what this sort is quick at.
    this.#places = [...stayed, ...moved.toSorted(compare)].toSorted(compare);
    this.#moved.clear();
  }
}

export function placeIn({ updatedAtMs, id }: Conversation): Place {
  return { createdAtMs: updatedAtMs, id };
}

function firstFrom(places: readonly Place[], place: Place): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(places[middle] as Place, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compare(one: Place, other: Place): number {
  if (one.createdAtMs !== other.createdAtMs) return one.createdAtMs - other.createdAtMs;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}
