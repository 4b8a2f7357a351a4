import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "../../src/channel/reconnect-delay.js";
import { RoundTrip } from "../../src/channel/round-trip.js";
import { vectors } from "../support/vectors.js";

describe("the estimate of a round trip", () => {
  it("follows the golden samples step by step", () => {
    const estimate = new RoundTrip();
    for (const { sampleMs, rttMs, rttVarMs, timeoutMs } of vectors.retransmissionEstimator) {
      if (sampleMs !== null) estimate.sample(sampleMs);
      expect(estimate.rttMs).toBeCloseTo(rttMs, 9);
      expect(estimate.variationMs).toBeCloseTo(rttVarMs, 9);
      // The golden timeout is a duration in whole nanoseconds.
      expect(estimate.timeoutMs).toBeCloseTo(timeoutMs, 5);
    }
  });
});

describe("the delay before a reconnect", () => {
  it("doubles from 100 ms as the golden table does, up to 5 s", () => {
    for (const { attempt, delayMs } of vectors.reconnectDelays.table)
      expect(reconnectDelayMs(attempt, () => 0)).toBe(Math.min(5000, delayMs));
  });

  it("is spread over twice its length", () => {
    expect(reconnectDelayMs(0, () => 0.999)).toBe(199);
    expect(reconnectDelayMs(60, () => 0.999)).toBe(9950);
  });
});
