/** A binary heap: the smallest key first. */
export class MinHeap<Item> {
  readonly #keyOf: (item: Item) => number;
  readonly #items: Item[] = [];

  constructor(keyOf: (item: Item) => number) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    items.push(item);
    let place = items.length - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#key(parent) <= this.#key(place)) break;
      this.#swap(parent, place);
      place = parent;
    }
  }

  pop(): Item | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return top;
    items[0] = last;
    for (let place = 0; ; ) {
      const left = 2 * place + 1;
      if (left >= items.length) return top;
      const child = left + 1 < items.length && this.#key(left + 1) < this.#key(left) ? left + 1 : left;
      if (this.#key(place) <= this.#key(child)) return top;
      this.#swap(place, child);
      place = child;
    }
  }

  #key(place: number): number {
    return this.#keyOf(this.#items[place] as Item);
  }

  #swap(a: number, b: number): void {
    const held = this.#items[a] as Item;
    this.#items[a] = this.#items[b] as Item;
    this.#items[b] = held;
  }
}
