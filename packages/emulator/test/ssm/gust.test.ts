import { describe, expect, it } from "vitest";
import { createTimers } from "../../src/clock.js";
import { createRandom } from "../../src/random.js";
import { createGust, type FrameKind } from "../../src/ssm/channel/gust.js";
import { noCounts, type SsmCounters } from "../../src/ssm/counters.js";
import { defaultSsmDials, type SsmDials } from "../../src/ssm/dials.js";
import { virtualClock } from "../support/virtual-clock.js";

function blow(dials: Partial<SsmDials>, seed = 4, way: "output" | "input" = "output") {
  const clock = virtualClock();
  const stage = {
    clock,
    timers: createTimers(clock),
    random: createRandom(seed),
    dials: { ...defaultSsmDials(), ...dials },
  };
  const counters: SsmCounters = noCounts();
  const arrived: number[] = [];
  let releases = 0;
  const gust = createGust<number>({
    way,
    stage,
    counters,
    sizeOf: () => 100,
    deliver: (item) => arrived.push(item),
    released: () => (releases += 1),
  });
  const pass = (kind: FrameKind = "stream", count = 1_000): void => {
    for (let item = 0; item < count; item += 1) gust.pass(item, kind);
  };
  return { clock, gust, counters, arrived, pass, releases: () => releases };
}

const inOrder = Array.from({ length: 1_000 }, (_, index) => index);

describe("a gust", () => {
  it("lets everything pass in calm weather, at once and in order", () => {
    const { arrived, pass } = blow({});
    pass();
    expect(arrived).toEqual(inOrder);
  });

  it("treats the same frames the same for the same seed, and others for another", () => {
    const dials = { dropRate: 0.3, duplicateRate: 0.2, reorderRate: 0.2 };
    const fate = (seed: number): number[] => {
      const { arrived, pass, clock } = blow(dials, seed);
      pass();
      clock.advance(100);
      return arrived;
    };
    expect(fate(5)).toEqual(fate(5));
    expect(fate(5)).not.toEqual(fate(6));
  });

  it("loses, doubles and shuffles about as many as it is told, and counts them", () => {
    const { arrived, pass, counters, clock } = blow({ dropRate: 0.3, duplicateRate: 0.1, reorderRate: 0.2 });
    pass();
    clock.advance(100);
    expect(counters.lost).toBeGreaterThan(240);
    expect(counters.lost).toBeLessThan(360);
    expect(counters.doubled).toBeGreaterThan(40);
    expect(counters.overtaken).toBeGreaterThan(100);
    expect(arrived.length).toBe(1_000 - counters.lost + counters.doubled);
    expect(new Set(arrived).size).toBe(1_000 - counters.lost);
    expect(arrived).not.toEqual(arrived.toSorted((a, b) => a - b));
  });

  it("lets no more frames overtake one than it is told", () => {
    const { arrived, pass, clock } = blow({ reorderRate: 0.3, reorderDepth: 4 });
    pass();
    clock.advance(20);
    expect(arrived.toSorted((a, b) => a - b)).toEqual(inOrder);
    // Frames that are held do not count as overtaking, so a few more of those may come in between.
    for (const [place, item] of arrived.entries()) expect(Math.abs(place - item)).toBeLessThan(20);
  });

  it("holds the last frame no longer than it is told", () => {
    const { arrived, pass, clock } = blow({ reorderRate: 1, reorderHoldMs: 30 });
    pass("stream", 1);
    clock.advance(29);
    expect(arrived).toEqual([]);
    clock.advance(1);
    expect(arrived).toEqual([0]);
  });

  it("loses acknowledgements only by their own dial, and never what is the service's", () => {
    const frames = blow({ dropRate: 1 });
    frames.pass("acknowledge");
    expect(frames.arrived).toEqual(inOrder);
    const acks = blow({ dropRate: 1, lostAckRate: 1 });
    acks.pass("acknowledge");
    expect(acks.arrived).toEqual([]);
    acks.pass("service");
    expect(acks.arrived).toEqual(inOrder);
  });

  it("spares the way that the dial leaves out", () => {
    const spared = blow({ dropRate: 1, direction: "output" }, 4, "input");
    spared.pass();
    expect(spared.arrived).toEqual(inOrder);
    const met = blow({ dropRate: 1, direction: "output" }, 4, "output");
    met.pass();
    expect(met.arrived).toEqual([]);
  });

  it("takes its time: the latency for each, and the speed for all", () => {
    const { arrived, pass, clock, gust, releases } = blow({ latencyMs: 50, bytesPerSecond: 1_000 });
    pass("stream", 10);
    expect(gust.heldBytes).toBe(1_000);
    clock.advance(149);
    expect(arrived).toEqual([]);
    clock.advance(1);
    expect(arrived).toEqual([0]);
    clock.advance(500);
    expect(arrived).toEqual([0, 1, 2, 3, 4, 5]);
    expect(gust.heldBytes).toBe(400);
    expect(releases()).toBeGreaterThan(0);
    gust.clear();
    clock.advance(10_000);
    expect(arrived).toHaveLength(6);
  });

  it("keeps the order when it calms down with frames on their way", () => {
    const dials = { ...defaultSsmDials(), latencyMs: 50 };
    const clock = virtualClock();
    const stage = { clock, timers: createTimers(clock), random: createRandom(1), dials };
    const arrived: number[] = [];
    const gust = createGust<number>({
      way: "output",
      stage,
      counters: noCounts(),
      sizeOf: () => 1,
      deliver: (item) => arrived.push(item),
      released: () => undefined,
    });
    gust.pass(1, "stream");
    dials.latencyMs = 0;
    gust.pass(2, "stream");
    expect(arrived).toEqual([]);
    clock.advance(50);
    expect(arrived).toEqual([1, 2]);
  });
});
