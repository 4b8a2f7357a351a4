import { describe, expect, it } from "vitest";
import { drawLimits } from "../src/limits/draw-limits.js";

const idle = { queued: 0, inFlight: 0, refusals: 0, freeInMs: 0 };

describe("the drawing of limits", () => {
  it("shows what is left as a bar, and when the next may leave", () => {
    const drawn = drawLimits([
      {
        ...idle,
        bucket: "send",
        scope: "session",
        limit: 30,
        windowMs: 1_000,
        remaining: 15,
        shape: "fixed_window",
        origin: "told",
      },
      {
        ...idle,
        bucket: "day",
        scope: "account",
        limit: 1,
        windowMs: 5_000,
        remaining: 0,
        shape: "spacing",
        origin: "described",
        queued: 3,
        freeInMs: 4_000,
        refusals: 2,
        shared: "degraded",
      },
    ]).split("\n");
    expect(drawn[1]).toContain(`30 per 1 s  15    ${"█".repeat(10)}${"░".repeat(10)}  now`);
    expect(drawn[1]).toContain("told, fixed window");
    expect(drawn[2]).toContain(`0     ${"░".repeat(20)}  in 4 s  3`);
    expect(drawn[2]).toContain("described, one at a time, degraded with other processes, refused 2 times");
  });

  it("says so where nothing is known, and where only an answer can tell", () => {
    expect(drawLimits([])).toBe("No limit is known.");
    const { freeInMs: _none, ...busy } = idle;
    expect(drawLimits([{ ...busy, bucket: "send", scope: "session" }])).toMatch(
      /not known +\? +when answered +0 +nothing yet/,
    );
  });
});
