/** How long to wait for an acknowledgement before the first copy, learnt from the round trips so far. */
export interface Estimator {
  readonly roundTripMs: number;
  readonly variationMs: number;
  readonly timeoutMs: number;
  sample(ms: number): void;
}

export const longestTimeoutMs = 1_000;
const clockGranularityMs = 10;

export function createEstimator(): Estimator {
  let roundTripMs = 100;
  let variationMs = 0;
  let timeoutMs = 200;
  return {
    get roundTripMs() {
      return roundTripMs;
    },
    get variationMs() {
      return variationMs;
    },
    get timeoutMs() {
      return timeoutMs;
    },
    sample(ms) {
      // The variation is taken against the old round trip: the order of these two is part of the protocol.
      variationMs = 0.75 * variationMs + 0.25 * Math.abs(roundTripMs - ms);
      roundTripMs = 0.875 * roundTripMs + 0.125 * ms;
      timeoutMs = Math.min(longestTimeoutMs, roundTripMs + Math.max(clockGranularityMs, 4 * variationMs));
    },
  };
}
