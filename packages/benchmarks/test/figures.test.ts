import { describe, expect, it } from "vitest";
import { judgeBars, type Row, rounded } from "../src/figures/bars.js";
import { median, medianFigures, percentile } from "../src/figures/statistics.js";
import { figuresOf } from "../src/scenarios/run-traffic.js";
import { allAtOnce, type SendOutcome } from "../src/scenarios/scenario.js";

describe("statistics", () => {
  it("take the middle of an odd number of values and the mean of the middle two of an even one", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  it("take percentiles by nearest rank, so that the 99th of few values is the largest", () => {
    const hundred = Array.from({ length: 100 }, (_, place) => 100 - place);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
    expect(percentile(hundred, 0.5)).toBe(50);
  });

  it("refuse to speak of nothing", () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  it("take each figure's median by itself", () => {
    expect(medianFigures([{ refusals: 1, lost: 9 }, { refusals: 3 }, { refusals: 2 }])).toEqual({
      refusals: 2,
      lost: 9,
    });
  });

  it("keep whole numbers whole and others to four digits", () => {
    expect([rounded(1_350), rounded(1.01749), rounded(0.0151515)]).toEqual([1_350, 1.017, 0.01515]);
  });
});

describe("a run's figures", () => {
  const report = {
    acceptedAtMs: [0, 5],
    acceptedIds: ["m-0", "m-1"],
    refusedAtMs: [1, 9],
    duplicateCount: 0,
    faultCount: 0,
  };
  const told = (id: string, fate: SendOutcome["fate"]): SendOutcome => ({ id, fate, waitMs: 1 });

  it("call lost what was neither sent nor told as unknown, settled or not", () => {
    const outcomes = [told("m-0", "sent"), told("m-1", "unknown"), told("m-2", "failed")];
    const figures = figuresOf({ sends: allAtOnce(4), leastMs: 10 }, report, outcomes, 11);
    expect(figures).toMatchObject({ lost: 2, mistold: 0, overMinimum: 1.1, refusals: 2, refusedShare: 0.5 });
  });

  it("call mistold what was accepted and told as failed, or told as sent and not accepted", () => {
    const outcomes = [told("m-0", "sent"), told("m-1", "failed"), told("m-2", "sent")];
    expect(figuresOf({ sends: allAtOnce(3) }, report, outcomes, 11)).toMatchObject({ mistold: 2, lost: 0 });
  });

  it("do not hold refusals before the first acceptance against anybody", () => {
    const late = { ...report, acceptedAtMs: [4, 5] };
    expect(figuresOf({ sends: allAtOnce(2) }, late, [], 1)).toMatchObject({ refusals: 2, laterRefusals: 1 });
  });

  it("give the 99th percentile of the waits of each kind of send", () => {
    const outcomes = Array.from(
      { length: 200 },
      (_, place): SendOutcome => ({ id: `trickle-${place}`, fate: "sent", waitMs: place }),
    );
    expect(figuresOf({ sends: [] }, report, outcomes, 1).trickleP99Ms).toBe(197);
  });
});

describe("bars", () => {
  const row = (subject: string, figures: Partial<Row>): Row => ({ scenario: "s", subject, rounds: 3, ...figures });

  it("are met at the limit and not beyond it", () => {
    const judge = (value: number): boolean | undefined =>
      judgeBars("s", [{ figure: "overMinimum", limit: 1.02 }], [row("Colloquy", { overMinimum: value })])[0]?.met;
    expect([judge(1.02), judge(1.021)]).toEqual([true, false]);
  });

  it("can ask for at least something", () => {
    const bars = [{ figure: "throughputRatio", limit: 0.94, isLeast: true } as const];
    expect(judgeBars("s", bars, [row("Colloquy", { throughputRatio: 0.95 })])[0]?.met).toBe(true);
    expect(judgeBars("s", bars, [row("Colloquy", { throughputRatio: 0.93 })])[0]?.met).toBe(false);
  });

  it("stand beside the best peer that lost nothing", () => {
    const rows = [
      row("Colloquy", { overMinimum: 1.01, lost: 0 }),
      row("Colloquy, with a limit to count", { overMinimum: 1, lost: 0 }),
      row("careless", { overMinimum: 0.4, lost: 100 }),
      row("careful", { overMinimum: 1.03, lost: 0 }),
      row("slow", { overMinimum: 3, lost: 0 }),
    ];
    expect(judgeBars("s", [{ figure: "overMinimum", limit: 1.02 }], rows)).toEqual([
      {
        name: "s: overMinimum",
        value: 1.01,
        limit: 1.02,
        met: true,
        bestPeer: { subject: "careful", value: 1.03 },
      },
    ]);
  });

  it("say nothing of scenarios in which Colloquy was not measured", () => {
    expect(judgeBars("s", [{ figure: "refusals", limit: 0 }], [row("careful", { refusals: 0 })])).toEqual([]);
  });
});
