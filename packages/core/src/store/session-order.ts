import { ColloquyError, type InstantMs, type SessionId } from "../contract/index.js";

/** A session's place in the list: by creation, then by id. */
export interface Place {
  readonly createdAtMs: InstantMs;
  readonly id: SessionId;
}

/** Keeps places in order. Sessions are made about in order of time, so an addition is nearly always at the end. */
export class SessionOrder {
  readonly #places: Place[] = [];

  add(place: Place): void {
    this.#places.splice(this.#firstFrom(place), 0, place);
  }

  remove(place: Place): void {
    this.#places.splice(this.#firstFrom(place), 1);
  }

  /** Newest first, beginning after the given place. */
  *newestFirst(after?: Place): Generator<Place> {
    for (let index = after ? this.#firstFrom(after) : this.#places.length; index > 0; index--)
      yield this.#places[index - 1] as Place;
  }

  /** The index of the first place that is not before the given one. */
  #firstFrom(place: Place): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#places[middle] as Place, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(one: Place, other: Place): boolean {
  return one.createdAtMs < other.createdAtMs || (one.createdAtMs === other.createdAtMs && one.id < other.id);
}

export function cursorOf({ createdAtMs, id }: Place): string {
  return `${createdAtMs}:${id}`;
}

/** Throws `INPUT_INVALID` for what no page gave. */
export function placeOf(cursor: string): Place {
  const match = /^(-?\d+(?:\.\d+)?):(.+)$/s.exec(cursor);
  if (!match) throw new ColloquyError({ code: "INPUT_INVALID", message: "`after` is not a cursor of this store." });
  return { createdAtMs: Number(match[1]), id: match[2] as string };
}
