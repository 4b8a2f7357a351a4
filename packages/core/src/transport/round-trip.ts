/** The quickest answer seen of one provider: the least time between leaving here and being counted there and back. */
export class RoundTrip {
  #minMs = Number.POSITIVE_INFINITY;

  observe(durationMs: number): void {
    if (durationMs >= 0 && durationMs < this.#minMs) this.#minMs = durationMs;
  }

  /** 0 until something was seen. */
  get minMs(): number {
    return this.#minMs === Number.POSITIVE_INFINITY ? 0 : this.#minMs;
  }
}
