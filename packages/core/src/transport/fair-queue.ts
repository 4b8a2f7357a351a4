import type { Priority } from "../contract/index.js";

/** 0 goes first. */
export type Rank = 0 | 1 | 2;

const ranks: Readonly<Record<Priority, Rank>> = { urgent: 0, normal: 1, bulk: 2 };

export function rankOf(priority: Priority | undefined): Rank {
  return ranks[priority ?? "normal"];
}

/** A place in a queue that links itself, so that leaving from the middle costs the same as leaving from the front. */
export interface Queued<Item> {
  readonly rank: Rank;
  before: Item | undefined;
  after: Item | undefined;
}

/** First in, first out, with leaving from anywhere at once. */
class Chain<Item extends Queued<Item>> {
  first: Item | undefined = undefined;
  last: Item | undefined = undefined;

  pushBack(item: Item): void {
    item.before = this.last;
    if (this.last) this.last.after = item;
    else this.first = item;
    this.last = item;
  }

  pushFront(item: Item): void {
    item.after = this.first;
    if (this.first) this.first.before = item;
    else this.last = item;
    this.first = item;
  }

  remove(item: Item): void {
    if (item.before) item.before.after = item.after;
    else this.first = item.after;
    if (item.after) item.after.before = item.before;
    else this.last = item.before;
    item.before = undefined;
    item.after = undefined;
  }
}

/** What waits for the same permits on behalf of one session: by priority, then in order of arrival. */
export class WaitingLine<Item extends Queued<Item>> {
  // One chain per rank, made when first needed: nearly all sessions use one.
  readonly #chains: (Chain<Item> | undefined)[] = [undefined, undefined, undefined];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  pushBack(item: Item): void {
    this.#chain(item.rank).pushBack(item);
    this.#count++;
  }

  pushFront(item: Item): void {
    this.#chain(item.rank).pushFront(item);
    this.#count++;
  }

  remove(item: Item): void {
    this.#chain(item.rank).remove(item);
    this.#count--;
  }

  /** Who goes next. */
  head(): Item | undefined {
    return this.#chains[0]?.first ?? this.#chains[1]?.first ?? this.#chains[2]?.first;
  }

  #chain(rank: Rank): Chain<Item> {
    let chain = this.#chains[rank];
    if (!chain) {
      chain = new Chain<Item>();
      this.#chains[rank] = chain;
    }
    return chain;
  }
}

/** After so many turns of better ranks in a row, the next worse rank gets one: urgent means first, not only. ASSUMED. */
const turnsBeforeMercy = 32;

/** A line as those see it at whom it stands. */
export interface StandingLine {
  readonly waiters: { readonly count: number };
}

/** Lines taking turns: a better rank first, inside a rank round robin. */
export class TurnRing<Line> {
  // A line that lost its turn through no fault of its own stands in `early`, before the others of its rank.
  readonly #early: readonly Set<Line>[] = [new Set(), new Set(), new Set()];
  readonly #rings: readonly Set<Line>[] = [new Set(), new Set(), new Set()];
  #turnsPassedOver = 0;

  get isEmpty(): boolean {
    return this.bestRank() === undefined;
  }

  add(line: Line, rank: Rank, isEarly: boolean): void {
    ((isEarly ? this.#early : this.#rings)[rank] as Set<Line>).add(line);
  }

  remove(line: Line, rank: Rank): void {
    if (!(this.#rings[rank] as Set<Line>).delete(line)) (this.#early[rank] as Set<Line>).delete(line);
  }

  bestRank(): Rank | undefined {
    return this.#ranksWaiting()[0];
  }

  /** Whose turn it is. The caller removes it, or gives it its next turn. */
  next(): Line | undefined {
    const waiting = this.#ranksWaiting();
    const best = waiting[0];
    if (best === undefined) return undefined;
    const worse = waiting[1];
    this.#turnsPassedOver = worse === undefined ? 0 : this.#turnsPassedOver + 1;
    const rank = worse !== undefined && this.#turnsPassedOver > turnsBeforeMercy ? worse : best;
    if (rank !== best) this.#turnsPassedOver = 0;
    for (const line of this.#early[rank] as Set<Line>) return line;
    for (const line of this.#rings[rank] as Set<Line>) return line;
    return undefined;
  }

  *[Symbol.iterator](): Generator<Line> {
    for (const sets of [this.#early, this.#rings]) for (const set of sets) yield* set;
  }

  #ranksWaiting(): readonly Rank[] {
    return ([0, 1, 2] as const).filter(
      (rank) => (this.#early[rank] as Set<Line>).size > 0 || (this.#rings[rank] as Set<Line>).size > 0,
    );
  }
}
