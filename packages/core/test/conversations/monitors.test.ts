import { describe, expect, it } from "vitest";
import { MonitorBoard } from "../../src/conversations/monitors.js";
import { settle, virtualClock } from "../../src/testing/virtual-clock.js";

describe("the board of monitors", () => {
  it("gives what was found last at once, and measures anew meanwhile when that is old", async () => {
    const clock = virtualClock();
    const board = new MonitorBoard(clock);
    let measured = 0;
    const monitor = { name: "cpu", maxAgeMs: 1_000, measure: async () => ++measured };
    expect(board.readings([monitor])).toEqual({ cpu: undefined });
    await settle();
    expect(board.readings([monitor])).toEqual({ cpu: 1 });
    await clock.advance(999);
    expect(board.readings([monitor])).toEqual({ cpu: 1 });
    await clock.advance(1);
    expect(board.readings([monitor])).toEqual({ cpu: 1 });
    await settle();
    expect(board.readings([monitor])).toEqual({ cpu: 2 });
    expect(clock.armed).toBe(0);
  });

  it("does not measure twice at once, and forgets what it found when measuring fails", async () => {
    const clock = virtualClock();
    const board = new MonitorBoard(clock);
    const outcomes: ("well" | "broken")[] = ["well", "broken"];
    let measured = 0;
    const monitor = {
      name: "net",
      maxAgeMs: 0,
      measure: async () => {
        if (outcomes[measured++] === "broken") throw new Error("No network.");
        return "well";
      },
    };
    board.readings([monitor]);
    board.readings([monitor]);
    await settle();
    expect(measured).toBe(1);
    expect(board.readings([monitor])).toEqual({ net: "well" });
    expect(await board.refresh([monitor])).toEqual({ net: undefined });
  });
});
