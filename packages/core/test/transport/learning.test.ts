import { describe, expect, it } from "vitest";
import { virtualClock } from "../../src/testing/virtual-clock.js";
import { type DrainOptions, drain } from "./drain.js";
import { sendRule } from "./fake-provider.js";
import { fixedWindow, slidingWindow, spacing, together, tokenBucket } from "./simulated-server.js";

const thirtyPerSecond = [sendRule(30, 1_000)];

interface Bar {
  readonly minimumMs: number;
  /** Times the minimum. */
  readonly slowest: number;
  readonly refusals: number;
}

async function expectWithin(bar: Bar, options: DrainOptions): Promise<void> {
  const { durationMs, refusals, sent } = await drain(options);
  expect(sent).toBe(options.sendCount);
  expect(refusals).toBeLessThanOrEqual(bar.refusals);
  expect(durationMs / bar.minimumMs).toBeLessThanOrEqual(bar.slowest);
}

describe("a limit that is known beforehand", () => {
  const shapes = {
    "a fixed window": () => fixedWindow(30, 1_000),
    "a sliding window": () => slidingWindow(30, 1_000),
    "a token bucket": () => tokenBucket(30, 30),
    "a token bucket that tells its next token": () => tokenBucket(30, 30, "next"),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    for (const telling of ["nothing", "fractional", "whole_seconds", "timestamp_seconds"] as const) {
      it(`drains ${name} at nearly full speed without a refusal when answers tell ${telling}`, () =>
        expectWithin(
          { minimumMs: 9_000, slowest: 1.02, refusals: 0 },
          { shape: shape(), sendCount: 300, known: thirtyPerSecond, telling },
        ));
    }
  }

  it("keeps a spacing exactly", () =>
    expectWithin(
      { minimumMs: 9_800, slowest: 1.02, refusals: 0 },
      { shape: spacing(200), sendCount: 50, known: [sendRule(1, 200)] },
    ));

  it("keeps two windows at once", () =>
    expectWithin(
      { minimumMs: 7_000, slowest: 1.03, refusals: 0 },
      {
        shape: together(slidingWindow(30, 1_000), slidingWindow(50, 2_000)),
        sendCount: 200,
        known: [sendRule(30, 1_000), sendRule(50, 2_000)],
      },
    ));

  it("keeps to it over a slow and uneven line", () =>
    expectWithin(
      { minimumMs: 9_000, slowest: 1.05, refusals: 1 },
      {
        shape: fixedWindow(30, 1_000),
        sendCount: 300,
        known: thirtyPerSecond,
        telling: "fractional",
        latencyMs: [35, 65],
        concurrent: 32,
      },
    ));
});

describe("a limit that is known, over whatever line", () => {
  it("is used whole by a client that has it for itself: it does not take its own requests for somebody else's", async () => {
    const runs = await Promise.all(
      Array.from({ length: 30 }, (_, place) =>
        drain({
          shape: fixedWindow(30, 1_000),
          sendCount: 300,
          known: thirtyPerSecond,
          telling: "fractional",
          latencyMs: [35, 65],
          concurrent: 32,
          seed: place + 1,
        }),
      ),
    );
    expect(runs.filter(({ durationMs }) => durationMs > 9_000 * 1.055)).toEqual([]);
    expect(runs.filter(({ refusals }) => refusals > 1)).toEqual([]);
  });
});

describe("a limit that nobody described", () => {
  for (const telling of ["fractional", "whole_seconds"] as const) {
    it(`is learned from the first answer's headers (${telling}) without a refusal`, () =>
      expectWithin(
        { minimumMs: 9_000, slowest: 1.1, refusals: 0 },
        { shape: fixedWindow(30, 1_000), sendCount: 300, telling },
      ));
  }

  it("is learned from headers where windows begin on the clock", () =>
    expectWithin(
      { minimumMs: 9_000, slowest: 1.1, refusals: 0 },
      { shape: fixedWindow(30, 1_000, true), sendCount: 300, telling: "fractional" },
    ));

  it("is learned from headers of a sliding window", () =>
    expectWithin(
      { minimumMs: 9_000, slowest: 1.05, refusals: 2 },
      { shape: slidingWindow(30, 1_000), sendCount: 300, telling: "fractional" },
    ));

  it("is learned from headers of a token bucket that tells its next token", () =>
    expectWithin(
      { minimumMs: 9_000, slowest: 1.05, refusals: 2 },
      { shape: tokenBucket(30, 30, "next"), sendCount: 300, telling: "fractional" },
    ));

  it("is learned from refusals alone: a spacing costs two", () =>
    expectWithin({ minimumMs: 9_800, slowest: 1.05, refusals: 2 }, { shape: spacing(200), sendCount: 50 }));

  it("is learned from refusals alone: a window costs as many as were in flight", () =>
    expectWithin({ minimumMs: 9_000, slowest: 1.05, refusals: 4 }, { shape: fixedWindow(30, 1_000), sendCount: 300 }));
});

describe("a limit that halves and doubles again", () => {
  const startMs = 1_700_000_000_000;
  const changing = (atMs: number): number => (atMs >= startMs + 3_000 && atMs < startMs + 7_000 ? 15 : 30);
  // Windows 0 to 2 hold 30, 3 to 6 hold 15, and 7 to 11 hold the other 150.
  const minimumMs = 11_000;

  it("is followed at once when answers tell it", () =>
    expectWithin(
      { minimumMs, slowest: 1.03, refusals: 0 },
      { shape: fixedWindow(changing, 1_000, true), sendCount: 300, known: thirtyPerSecond, telling: "fractional" },
    ));

  it("is found by refusals and single looks when nobody tells it", () =>
    expectWithin(
      { minimumMs, slowest: 1.05, refusals: 10 },
      { shape: fixedWindow(changing, 1_000, true), sendCount: 300, known: thirtyPerSecond },
    ));
});

describe("an allowance that strangers spend of too", () => {
  it.each([2, 3, 4])(
    "is shared: %s clients that do not know of each other use it all and are hardly refused",
    async (clients) => {
      const runs = await Promise.all(
        Array.from({ length: 9 }, (_, place) =>
          drain({
            shape: fixedWindow(30, 1_000),
            sendCount: 300,
            known: thirtyPerSecond,
            telling: "fractional",
            clients,
            latencyMs: [0.2, 2],
            seed: place + 1,
          }),
        ),
      );
      const middle = (figures: readonly number[]): number => figures.toSorted((a, b) => a - b)[4] as number;
      expect(runs.map(({ sent }) => sent)).toEqual(runs.map(() => 300));
      expect(middle(runs.map(({ durationMs }) => durationMs))).toBeLessThanOrEqual(9_000 * 1.05);
      expect(middle(runs.map(({ refusals }) => refusals))).toBeLessThanOrEqual(300 * 0.02);
    },
  );

  it("is used whole on a busy machine, whose answers now and then are late", async () => {
    const { durationMs, refusals } = await drain({
      shape: fixedWindow(30, 1_000),
      sendCount: 300,
      known: thirtyPerSecond,
      telling: "fractional",
      clients: 2,
      latencyMs: [0.2, 2],
      stalls: { part: 0.05, ms: 30 },
    });
    expect(durationMs).toBeLessThanOrEqual(9_000 * 1.05);
    expect(refusals).toBeLessThanOrEqual(6);
  });

  it("comes back whole when they have left", async () => {
    const shape = fixedWindow(30, 1_000);
    const clock = virtualClock();
    const options = { shape, known: thirtyPerSecond, telling: "fractional", clock } as const;
    const [short, long] = await Promise.all([
      drain({ ...options, sendCount: 45, seed: 2 }),
      drain({ ...options, sendCount: 300, seed: 3 }),
    ]);
    expect(short.sent + long.sent).toBe(345);
    // 345 need 11 s at least; sharing for ever would need 18.
    expect(long.durationMs).toBeLessThan(12_600);
  });
});
