import { describe, expect, it } from "vitest";
import { sendRule } from "../fake-provider.js";
import { fixedWindow, type LimitShape, slidingWindow, spacing, together, tokenBucket } from "../simulated-server.js";
import { mostInAnyWindow, type SharedDrainOptions, sharedDrain } from "./shared-drain.js";

const thirty = [sendRule(30, 1_000)];
const minimumMs = 9_000;

function processes(count: number, sendCount = 300): SharedDrainOptions["processes"] {
  return Array.from({ length: count }, () => ({ sendCount: sendCount / count }));
}

const shapes: Readonly<Record<string, () => LimitShape>> = {
  "a fixed window": () => fixedWindow(30, 1_000),
  "a fixed window on the clock": () => fixedWindow(30, 1_000, true),
  "a sliding window": () => slidingWindow(30, 1_000),
  "a token bucket": () => tokenBucket(30, 30),
};

describe("processes that share a limit", () => {
  for (const count of [1, 2, 4])
    for (const [name, shape] of Object.entries(shapes))
      it(`drain ${name} at nearly full speed without a refusal, ${count} of them`, async () => {
        const drained = await sharedDrain({
          ...{ shape: shape(), known: thirty, tells: true, processes: processes(count) },
          latencyMs: [0.3, 2],
        });
        expect(drained.refusedAtMs).toEqual([]);
        expect(drained.accepted.length).toBe(300);
        expect(drained.durationMs / minimumMs).toBeLessThanOrEqual(1.03);
        // Batches: less than one call for two sends.
        expect(drained.calls).toBeLessThan(150);
      });

  it("keep a sliding window exactly when answers tell nothing", async () => {
    const { accepted, refusedAtMs, durationMs } = await sharedDrain({
      ...{ shape: slidingWindow(30, 1_000), known: thirty, processes: processes(3) },
      latencyMs: [0.5, 12],
    });
    expect(refusedAtMs).toEqual([]);
    expect(
      mostInAnyWindow(
        accepted.map(({ atMs }) => atMs),
        1_000,
      ),
    ).toBe(30);
    expect(durationMs / minimumMs).toBeLessThanOrEqual(1.03);
  });

  it("keep a spacing, in turns", async () => {
    const { accepted, refusedAtMs, durationMs } = await sharedDrain({
      ...{ shape: spacing(200), known: [sendRule(1, 200)], processes: processes(2, 50) },
    });
    expect(refusedAtMs).toEqual([]);
    // Clocks tell whole milliseconds, and each rounding of a turn costs one of 200.
    expect(durationMs / 9_800).toBeLessThanOrEqual(1.04);
    const [firsts, seconds] = [0, 1].map(
      (place) => accepted.slice(0, 40).filter((one) => one.process === place).length,
    );
    expect(Math.abs((firsts as number) - (seconds as number))).toBeLessThanOrEqual(2);
  });

  it("keep two windows at once", async () => {
    const { refusedAtMs, durationMs } = await sharedDrain({
      shape: together(slidingWindow(30, 1_000), slidingWindow(50, 2_000)),
      known: [sendRule(30, 1_000), sendRule(50, 2_000)],
      processes: processes(2, 200),
    });
    expect(refusedAtMs).toEqual([]);
    expect(durationMs / 7_000).toBeLessThanOrEqual(1.03);
  });

  it("need no clocks that agree", async () => {
    const clocks = [0, 3_600_000, -86_400_000, 517];
    const { refusedAtMs, durationMs } = await sharedDrain({
      ...{ shape: slidingWindow(30, 1_000), known: thirty },
      processes: clocks.map((clockAheadMs) => ({ sendCount: 75, clockAheadMs })),
    });
    expect(refusedAtMs).toEqual([]);
    expect(durationMs / minimumMs).toBeLessThanOrEqual(1.03);
  });

  it("let a late one have its part, and the first have all of it again", async () => {
    const { accepted, refusedAtMs, durationMs } = await sharedDrain({
      ...{ shape: slidingWindow(30, 1_000), known: thirty },
      processes: [{ sendCount: 220 }, { sendCount: 80, fromMs: 2_500 }],
    });
    expect(refusedAtMs).toEqual([]);
    expect(durationMs / minimumMs).toBeLessThanOrEqual(1.03);
    const lates = (fromMs: number, untilMs: number): number =>
      accepted.filter(({ atMs, process }) => process === 1 && atMs >= fromMs && atMs < untilMs).length;
    expect(lates(4_000, 7_000) / 3).toBeGreaterThanOrEqual(14);
    expect(lates(4_000, 7_000) / 3).toBeLessThanOrEqual(16);
  });

  it("follow a limit that answers tell to be another one", async () => {
    const changing = (atMs: number): number => (atMs < 1_700_000_003_000 ? 30 : 12);
    const { refusedAtMs, accepted } = await sharedDrain({
      ...{ shape: fixedWindow(changing, 1_000), known: thirty, tells: true, processes: processes(2, 150) },
    });
    // What was on its way, or due by the permits in hand, when it fell.
    expect(refusedAtMs.length).toBeLessThanOrEqual(18);
    expect(refusedAtMs.every((atMs) => atMs < 5_000)).toBe(true);
    expect(accepted.length).toBe(150);
  });

  it("begin to share what nobody described once answers made it plain", async () => {
    const { views, accepted, refusedAtMs } = await sharedDrain({
      ...{ shape: fixedWindow(30, 1_000), known: [], tells: true, processes: processes(2), latencyMs: [0.3, 0.7] },
    });
    expect(accepted.length).toBe(300);
    expect(refusedAtMs.length).toBeLessThanOrEqual(30);
    for (const [view] of views()) expect(view).toMatchObject({ shared: "shared", limit: 30 });
  });

  it("wait together for what a refusal of one of them asked", async () => {
    let isClosed = true;
    const whole = slidingWindow(30, 1_000);
    const shape: LimitShape = {
      judge: (atMs) => {
        if (!isClosed || atMs < 1_700_000_001_000) return whole.judge(atMs);
        isClosed = false;
        return { ...whole.judge(atMs), isAccepted: false, retryAfterMs: 3_000 };
      },
    };
    const { accepted, refusedAtMs } = await sharedDrain({ shape, known: thirty, processes: processes(2, 120) });
    expect(refusedAtMs).toHaveLength(1);
    const refusedMs = refusedAtMs[0] as number;
    // The others' permits of that moment were in hand already.
    const meanwhile = accepted.filter(({ atMs }) => atMs > refusedMs + 100 && atMs < refusedMs + 3_000);
    expect(meanwhile).toEqual([]);
  });

  it("rest, without a timer or a call, when nobody sends", async () => {
    const { armed } = await sharedDrain({
      shape: slidingWindow(30, 1_000),
      known: thirty,
      processes: processes(2, 60),
    });
    expect(armed).toBe(0);
  });

  it("show how the allowance stands", async () => {
    const { views } = await sharedDrain({
      shape: slidingWindow(30, 1_000),
      known: thirty,
      processes: processes(1, 30),
    });
    expect(views()[0]?.[0]).toMatchObject({ bucket: "send", limit: 30, windowMs: 1_000, shared: "shared" });
  });
});
