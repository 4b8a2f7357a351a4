import { describe, expect, it } from "vitest";
import { progressText } from "../src/output/progress.js";
import { timeToGoMs } from "../src/sending/pace.js";
import { countFates } from "../src/sending/tally.js";

describe("the progress of a batch", () => {
  it("counts a cancelled message as failed and keeps the unknown apart", () => {
    const states = ["sent", "sent", "failed", "cancelled", "unknown", "queued"] as const;
    expect(countFates(states.map((state, index) => ({ id: `${index}`, state })))).toEqual({
      sent: 2,
      failed: 2,
      unknown: 1,
      queued: 1,
    });
  });

  it("tells rate and time to go by the slower of limit and experience", () => {
    expect(timeToGoMs(100, 2, 50, 1_000)).toBe(50_000);
    expect(timeToGoMs(100, 500, 50, 1_000)).toBe(2_000);
    expect(timeToGoMs(100, undefined, 0, 0)).toBeUndefined();
  });

  it("says all of it in one line", () => {
    const counts = { sent: 39, failed: 1, unknown: 0, queued: 0 };
    expect(progressText(counts, 200, 0.2, 20_000)).toBe(
      "40/200: sent 39, failed 1, unknown 0; 2.0/s, 13 min 20 s to go",
    );
    expect(progressText({ ...counts, sent: 199 }, 200, 0.2, 20_000)).toBe(
      "200/200: sent 199, failed 1, unknown 0; 10.0/s",
    );
  });
});
