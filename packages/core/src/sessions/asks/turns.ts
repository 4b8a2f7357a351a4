/**
 * Numbers what one session accepts, so that messages and questions that must leave one by one keep the order in which they were
 * given. Where they need not (`isKept` false), nothing waits for anything.
 */
export class Turns {
  readonly #isKept: boolean;
  #last = 0;
  /** Being accepted: not stored yet. */
  readonly #held = new Set<number>();
  /** Questions that are accepted and not settled. */
  readonly #questions = new Set<number>();

  constructor(isKept: boolean) {
    this.#isKept = isKept;
  }

  take(): number {
    return ++this.#last;
  }

  hold(order: number): void {
    if (this.#isKept) this.#held.add(order);
  }

  free(order: number): void {
    this.#held.delete(order);
  }

  /** Messages given later wait for this question until `end`. */
  begin(order: number): void {
    if (this.#isKept) this.#questions.add(order);
  }

  end(order: number): void {
    this.#questions.delete(order);
  }

  /** Whether a message may leave: no question was given before it that is still to be answered. */
  isFree(order: number): boolean {
    return this.isSettledBefore(order) && !isBefore(this.#questions, order);
  }

  /** Whether all that was given before is accepted or refused. */
  isSettledBefore(order: number): boolean {
    return !isBefore(this.#held, order);
  }
}

function isBefore(given: ReadonlySet<number>, order: number): boolean {
  for (const one of given) if (one < order) return true;
  return false;
}
