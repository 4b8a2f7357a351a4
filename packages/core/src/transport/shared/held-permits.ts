/** A permit here: an id of the budget's, on this process's clock. */
export interface HeldPermit {
  readonly id: number;
  readonly dueAtMs: number;
}

/** An unused permit goes back so long after it was due: what keeps it from being used keeps others waiting. ASSUMED. */
const usableMs = 500;

/** The permits that one process has of one shared allowance: unused ones, earliest first, and those on their way. */
export class HeldPermits {
  #unused: HeldPermit[] = [];
  readonly #onWay = new Set<number>();

  get unusedCount(): number {
    return this.#unused.length;
  }

  get isEmpty(): boolean {
    return this.#unused.length === 0 && this.#onWay.size === 0;
  }

  /** When the next may be used; infinity without one. */
  get dueAtMs(): number {
    return this.#unused[0]?.dueAtMs ?? Number.POSITIVE_INFINITY;
  }

  /** When the oldest has been unused for too long. */
  staleAtMs(notBeforeMs: number): number {
    return Math.max(this.dueAtMs, notBeforeMs) + usableMs;
  }

  ids(): readonly number[] {
    return [...this.#unused.map(({ id }) => id), ...this.#onWay];
  }

  add(permits: readonly HeldPermit[]): void {
    this.#unused = [...this.#unused, ...permits].toSorted((a, b) => a.dueAtMs - b.dueAtMs);
  }

  use(): HeldPermit | undefined {
    const permit = this.#unused.shift();
    if (permit) this.#onWay.add(permit.id);
    return permit;
  }

  /** It was used: what was counted is told beside. */
  spend({ id }: HeldPermit): void {
    this.#onWay.delete(id);
  }

  /** It was not used after all. */
  putBack(permit: HeldPermit): void {
    if (this.#onWay.delete(permit.id)) this.add([permit]);
  }

  /** Lets go of those that were due and unused for too long. Gives how many. */
  dropStale(nowMs: number, notBeforeMs: number): number {
    const before = this.#unused.length;
    if (nowMs >= this.staleAtMs(notBeforeMs))
      this.#unused = this.#unused.filter(({ dueAtMs }) => nowMs < Math.max(dueAtMs, notBeforeMs) + usableMs);
    return before - this.#unused.length;
  }

  /** The budget forgot them all. */
  forget(): void {
    this.#unused = [];
    this.#onWay.clear();
  }
}
