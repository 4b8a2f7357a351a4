import { describe, expect, it } from "vitest";
import type { TimerName } from "../../src/lifecycle/snapshot.js";
import { TimerSet } from "../../src/sessions/timer-set.js";
import { virtualClock } from "../../src/testing/index.js";

function createSet(): {
  clock: ReturnType<typeof virtualClock>;
  fired: [TimerName, number][];
  set: TimerSet;
  atMs: (ms: number) => number;
} {
  const clock = virtualClock();
  const startMs = clock.now();
  const fired: [TimerName, number][] = [];
  const set = new TimerSet(clock, (name) => fired.push([name, clock.now() - startMs]));
  return { clock, fired, set, atMs: (ms) => startMs + ms };
}

describe("the timers of a session", () => {
  it("keeps one timer of the clock, for the earliest deadline", async () => {
    const { clock, fired, set, atMs } = createSet();
    set.arm({ ttlDue: atMs(9_000), connectDeadline: atMs(1_000), livenessDue: atMs(5_000) });
    expect(clock.armed).toBe(1);
    await clock.advance(10_000);
    expect(fired).toEqual([
      ["connectDeadline", 1_000],
      ["livenessDue", 5_000],
      ["ttlDue", 9_000],
    ]);
    expect(clock.armed).toBe(0);
  });

  it("fires what is due together in the order of its deadlines, each once", async () => {
    const { clock, fired, set, atMs } = createSet();
    set.arm({ pairingDeadline: atMs(-1), challengeDue: atMs(-500) });
    await clock.advance(1);
    expect(fired.map(([name]) => name)).toEqual(["challengeDue", "pairingDeadline"]);
    await clock.advance(60_000);
    expect(fired).toHaveLength(2);
  });

  it("follows a deadline that moves, also when it moves further away", async () => {
    const { clock, fired, set, atMs } = createSet();
    set.arm({ livenessDue: atMs(1_000) });
    set.arm({ livenessDue: atMs(3_000) });
    await clock.advance(2_000);
    expect(fired).toEqual([]);
    await clock.advance(1_000);
    expect(fired).toEqual([["livenessDue", 3_000]]);
  });

  it("exchanges one deadline for another at the same instant", async () => {
    const { clock, fired, set, atMs } = createSet();
    set.arm({ connectDeadline: atMs(1_000) });
    set.arm({ closeDeadline: atMs(1_000) });
    await clock.advance(1_000);
    expect(fired).toEqual([["closeDeadline", 1_000]]);
  });

  it("fires nothing after it was cleared", async () => {
    const { clock, fired, set, atMs } = createSet();
    set.arm({ ttlDue: atMs(1_000) });
    set.clear();
    expect(clock.armed).toBe(0);
    await clock.advance(5_000);
    expect(fired).toEqual([]);
  });
});
