import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/random.js";
import { BrokerClock } from "../../../src/transport/shared/broker-clock.js";
import { fairPart } from "../../../src/transport/shared/fair-part.js";
import { HeldPermits } from "../../../src/transport/shared/held-permits.js";
import { OwnShare } from "../../../src/transport/shared/own-share.js";
import { ToldRule } from "../../../src/transport/shared/told-rule.js";

describe("the part that is due to one of several", () => {
  const claims = (...pairs: readonly (readonly [served: number, wanted: number])[]) =>
    pairs.map(([served, wanted]) => ({ served, wanted }));
  const parts = (available: number, all: ReturnType<typeof claims>): readonly number[] =>
    all.map((_, place) => fairPart(available, all, place));

  it("is the same for equals, and the odd one goes to whoever stands first", () => {
    expect(parts(30, claims([0, 100], [0, 100]))).toEqual([15, 15]);
    expect(parts(7, claims([5, 9], [5, 9], [5, 9]))).toEqual([3, 2, 2]);
    expect(parts(1, claims([0, 9], [0, 9]))).toEqual([1, 0]);
  });

  it("leaves to others what one does not want", () => {
    expect(parts(30, claims([0, 4], [0, 100]))).toEqual([4, 26]);
    expect(parts(30, claims([0, 4], [0, 5]))).toEqual([4, 5]);
  });

  it("makes up for what one was given before", () => {
    expect(parts(10, claims([20, 100], [14, 100]))).toEqual([2, 8]);
    expect(parts(5, claims([20, 100], [0, 100]))).toEqual([0, 5]);
  });

  it("never gives away more than there is, nor less than is wanted", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 500; round++) {
      const all = Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({
        served: Math.floor(random() * 40) - 10,
        wanted: Math.floor(random() * 30),
      }));
      const available = Math.floor(random() * 60);
      const given = parts(available, all).reduce((sum, part) => sum + part, 0);
      const wanted = all.reduce((sum, claim) => sum + claim.wanted, 0);
      expect(given, JSON.stringify({ all, available })).toBe(Math.min(available, wanted));
    }
  });
});

describe("the budget's clock as seen from here", () => {
  it("is never thought to be earlier than it can be, in either direction, whatever the way takes", () => {
    const random = seededRandom(11);
    const clock = new BrokerClock();
    const aheadMs = 123_456.7;
    for (let nowMs = 1_000, round = 0; round < 300; round++) {
      const askedMs = nowMs;
      const thereMs = random() * 20;
      const backMs = random() * 20;
      nowMs += thereMs + backMs;
      clock.observe(Math.floor(askedMs), Math.floor(nowMs), Math.floor(askedMs + thereMs + aheadMs));
      expect(clock.theirs(askedMs, nowMs)).toBeGreaterThanOrEqual(askedMs + aheadMs);
      expect(clock.ours(askedMs + aheadMs, nowMs)).toBeGreaterThanOrEqual(askedMs);
      nowMs += random() * 200;
    }
    // As exact as the quickest of the ways, not the last.
    expect(clock.ours(clock.theirs(50_000, 60_000), 60_000) - 50_000).toBeLessThan(12);
  });

  it("begins anew when a clock was set", () => {
    const clock = new BrokerClock();
    clock.observe(1_000, 1_002, 5_001);
    clock.observe(90_000, 90_002, 5_101);
    expect(clock.theirs(90_002, 90_002)).toBeLessThanOrEqual(5_105);
    expect(clock.ours(5_101, 90_002)).toBeGreaterThanOrEqual(90_000);
  });
});

describe("permits in hand", () => {
  it("are used earliest first, and go back half a second after they were due", () => {
    const held = new HeldPermits();
    held.add([
      { id: 1, dueAtMs: 200 },
      { id: 2, dueAtMs: 100 },
    ]);
    expect(held.use()?.id).toBe(2);
    expect(held.ids()).toEqual([1, 2]);
    expect(held.dropStale(699, 0)).toBe(0);
    expect(held.dropStale(700, 0)).toBe(1);
    expect(held.ids()).toEqual([2]);
  });

  it("can be put back when the request did not leave", () => {
    const held = new HeldPermits();
    held.add([{ id: 1, dueAtMs: 100 }]);
    const permit = held.use();
    held.putBack(permit as NonNullable<typeof permit>);
    expect({ due: held.dueAtMs, unused: held.unusedCount }).toEqual({ due: 100, unused: 1 });
    held.forget();
    expect(held.isEmpty).toBe(true);
  });
});

describe("a part of one's own", () => {
  const rule = { limit: 30, windowMs: 1_000 };

  it("is the limit over the number of processes, rounded down", () => {
    const share = new OwnShare();
    share.expect([rule], 4);
    for (let place = 0; place < 7; place++) {
      expect(share.freeAt(100, 0)).toBe(100);
      share.count(100);
    }
    expect(share.freeAt(100, 0)).toBeGreaterThanOrEqual(1_100);
  });

  it("is one in a longer time where there are more processes than permits", () => {
    const share = new OwnShare();
    share.expect([{ limit: 1, windowMs: 200 }], 3);
    share.count(0);
    expect(share.freeAt(1, 0)).toBe(601);
  });

  it("remembers what was counted when the number of processes changes", () => {
    const share = new OwnShare();
    const rules = [rule];
    share.expect(rules, 1);
    for (let place = 0; place < 15; place++) share.count(100);
    share.expect(rules, 2);
    expect(share.freeAt(200, 0)).toBeGreaterThanOrEqual(1_100);
    expect([...share.counted(200)]).toHaveLength(15);
    expect([...share.counted(1_100)]).toHaveLength(0);
  });
});

describe("a limit that only answers tell of", () => {
  const reading = { bucket: "send", scope: "account", observedAtMs: 0 } as const;

  it("is plain at once when they name its window", () => {
    expect(new ToldRule().observe({ ...reading, limit: 5, windowMs: 60_000 }, 0)).toEqual({
      limit: 5,
      windowMs: 60_000,
    });
  });

  it("is taken from the longest time to a reset once several windows began", () => {
    const rule = new ToldRule();
    const seen = [0, 300, 1_010, 1_500, 2_020, 3_030].map((atMs) => {
      const resetAtMs = (Math.floor(atMs / 1_005) + 1) * 1_010;
      return rule.observe({ ...reading, limit: 5, resetAtMs }, atMs);
    });
    expect(seen.slice(0, 5)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(seen[5]).toEqual({ limit: 5, windowMs: 1_010 });
  });

  it("stays unknown without figures", () => {
    expect(new ToldRule().observe({ ...reading, remaining: 3 }, 0)).toBeUndefined();
  });
});
