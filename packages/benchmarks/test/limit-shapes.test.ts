import { describe, expect, it } from "vitest";
import { fixedWindow, type LimitShape, slidingWindow, spacing, tokenBucket } from "../src/server/limit-shapes.js";

/** Offers one request at each instant; answers which passed. */
function offer(shape: LimitShape, instants: readonly number[]): readonly boolean[] {
  return instants.map((atMs) => {
    const passes = shape.waitMs(atMs) === 0;
    if (passes) shape.take(atMs);
    return passes;
  });
}

const times = (count: number, atMs: number): readonly number[] => Array.from({ length: count }, () => atMs);
const passed = (verdicts: readonly boolean[]): number => verdicts.filter(Boolean).length;

describe("a fixed window", () => {
  it("begins with the first request, takes its limit and not one more, and begins anew exactly when it ends", () => {
    const shape = fixedWindow(3, 1_000);
    expect(offer(shape, [40, 50, 60, 61, 1_039.999])).toEqual([true, true, true, false, false]);
    expect(offer(shape, [1_040, 1_040, 1_040, 1_040])).toEqual([true, true, true, false]);
  });

  it("tells how long a refused request has to wait, and what is left", () => {
    const shape = fixedWindow(2, 1_000);
    offer(shape, [0, 250]);
    expect(shape.waitMs(250)).toBe(750);
    expect(shape.allowance(250)).toEqual({ limit: 2, remaining: 0, resetInMs: 750 });
  });

  it("keeps the limit that a window began with, and takes a changed one in the next", () => {
    const shape = fixedWindow(4, 1_000, [
      { fromMs: 1_500, limit: 2 },
      { fromMs: 3_500, limit: 5 },
    ]);
    const perWindow = [0, 1_000, 2_000, 3_000, 4_000].map((atMs) => passed(offer(shape, times(9, atMs))));
    expect(perWindow).toEqual([4, 4, 2, 2, 5]);
  });
});

describe("a sliding window", () => {
  it("frees a place exactly one window after it was taken", () => {
    const shape = slidingWindow(2, 1_000);
    expect(offer(shape, [0, 600, 999.9, 1_000, 1_000, 1_599.9, 1_600])).toEqual([
      true,
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it("never lets more than its limit through in any window, wherever that begins", () => {
    const shape = slidingWindow(7, 500);
    const taken: number[] = [];
    for (let atMs = 0; atMs < 5_000; atMs += 13) if (offer(shape, [atMs])[0]) taken.push(atMs);
    for (const atMs of taken)
      expect(taken.filter((one) => one > atMs - 500 && one <= atMs).length).toBeLessThanOrEqual(7);
    expect(taken.length).toBeGreaterThan(60);
  });
});

describe("a token bucket", () => {
  it("gives its whole burst at once and then one token at a time", () => {
    const shape = tokenBucket(30, 1_000);
    expect(passed(offer(shape, times(40, 0)))).toBe(30);
    expect(shape.waitMs(0)).toBeCloseTo(1_000 / 30, 9);
    expect(offer(shape, [33.3, 33.4, 33.5])).toEqual([false, true, false]);
  });

  it("lets through whoever waits exactly as long as it asked, every time", () => {
    const shape = tokenBucket(30, 1_000);
    offer(shape, times(30, 0));
    let atMs = 0;
    for (let turn = 0; turn < 300; turn++) {
      atMs += shape.waitMs(atMs);
      expect(offer(shape, [atMs])).toEqual([true]);
    }
    expect(atMs).toBeCloseTo(10_000, 3);
  });

  it("never holds more than its burst, however long nobody came", () => {
    const shape = tokenBucket(5, 1_000);
    offer(shape, [0]);
    expect(passed(offer(shape, times(20, 100_000)))).toBe(5);
  });
});

describe("a spacing", () => {
  it("takes one request and the next no sooner than its distance", () => {
    expect(offer(spacing(200), [0, 199.9, 200, 399, 400])).toEqual([true, false, true, false, true]);
  });
});
