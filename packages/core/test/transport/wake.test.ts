import Bottleneck from "bottleneck";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/clock.js";
import { bottleneckWake } from "../../src/transport/wake.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("waking through Bottleneck", () => {
  it("costs one job for a wake-up, and wakes at its instant, never before", async () => {
    const limiter = new Bottleneck();
    const schedule = vi.spyOn(limiter, "schedule");
    const wake = bottleneckWake(systemClock, limiter);
    const began = Date.now();
    const woken: number[] = [];
    wake.at(began + 200, false, () => woken.push(Date.now() - began));
    await vi.advanceTimersByTimeAsync(199);
    expect(woken).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toEqual([200]);
    expect(schedule).toHaveBeenCalledTimes(1);
  });

  it("wakes at once what is already due", async () => {
    const wake = bottleneckWake(systemClock);
    let isWoken = false;
    wake.at(Date.now() - 5, true, () => {
      isWoken = true;
    });
    await vi.advanceTimersByTimeAsync(20);
    expect(isWoken).toBe(true);
  });

  it.each([[1], [198]])(
    "does not wake what was cancelled %i ms before or after the hand-over, and keeps no timer",
    async (afterMs) => {
      const wake = bottleneckWake(systemClock);
      let isWoken = false;
      const timer = wake.at(Date.now() + 200, false, () => {
        isWoken = true;
      });
      await vi.advanceTimersByTimeAsync(afterMs);
      timer.cancel();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(isWoken).toBe(false);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("still wakes when its limiter was stopped by somebody else", async () => {
    const limiter = new Bottleneck();
    const wake = bottleneckWake(systemClock, limiter);
    await Promise.all([limiter.stop(), vi.advanceTimersByTimeAsync(100)]);
    let isWoken = false;
    wake.at(Date.now() + 50, false, () => {
      isWoken = true;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(isWoken).toBe(true);
  });

  it("wakes nobody after it was closed", async () => {
    const wake = bottleneckWake(systemClock);
    let isWoken = false;
    wake.at(Date.now() + 50, false, () => {
      isWoken = true;
    });
    await Promise.all([wake.close(), vi.advanceTimersByTimeAsync(100)]);
    expect(isWoken).toBe(false);
  });
});
