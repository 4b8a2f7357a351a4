/** Cancels what was scheduled; harmless when it already ran. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in core and in connections. Inject a virtual one in tests. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Runs once at `atMs` or as soon after as possible; at once (asynchronously) when `atMs` is past. */
  setTimer(atMs: number, run: () => void): Timer;
}
