/** Cancels what was scheduled; harmless when it already ran. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in this package; the clock of `@colloquy/core` fits. Inject a virtual one in tests. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Runs once at `atMs` or as soon after as possible; at once (asynchronously) when `atMs` is past. */
  setTimer(atMs: number, run: () => void): Timer;
}

/** Uniform in [0, 1). */
export type Random = () => number;

// setTimeout clamps longer delays to 1 ms.
const longestDelayMs = 2 ** 31 - 1;

/** The machine's clock: the default of a package that also works without core, which would inject its own. */
export const systemClock: Clock = {
  // oxlint-disable-next-line eslint/no-restricted-properties -- this is the seam
  now: () => Date.now(),
  setTimer(atMs, run) {
    // oxlint-disable-next-line eslint/no-restricted-properties -- this is the seam
    const delayMs = Math.min(longestDelayMs, Math.max(0, atMs - Date.now()));
    // oxlint-disable-next-line eslint/no-restricted-globals -- this is the seam
    const handle = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

// oxlint-disable-next-line eslint/no-restricted-properties -- this is the seam
export const systemRandom: Random = Math.random;
