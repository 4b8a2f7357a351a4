import { describe, expect, it } from "vitest";
import { WindowTurn } from "../../src/transport/window-turn.js";

const windowMs = 1_000;

/** Thirty requests answered from 0 to 290.5 and counted by the provider, then the first answer of the next window. */
function turnAfter(next: { readonly remaining: number; readonly resetAtMs: number }): WindowTurn {
  const turn = new WindowTurn();
  for (let place = 0; place < 30; place++) turn.noteAccepted(place * 10, place * 10 + 0.5, 30);
  turn.see({ ...base, sentAtMs: 0, atMs: 0.5, remaining: 29, resetAtMs: 1_000.3 });
  turn.see({ ...base, sentAtMs: 1_003, atMs: 1_003.5, ...next });
  return turn;
}

const base = { limit: 30, windowMs, roundTripMs: 0.5, sureMs: 0 };

describe("the end of a window", () => {
  it("is known from the answers once the provider forgot what a sliding window would have to remember", () => {
    const turn = turnAfter({ remaining: 29, resetAtMs: 2_003.4 });
    expect(turn.isProven).toBe(true);
    expect(turn.atMs).toBeCloseTo(2_005.4, 1);
  });

  it("is the earliest that any answer of the window told, as slow answers tell it later", () => {
    const turn = turnAfter({ remaining: 29, resetAtMs: 2_043.4 });
    turn.see({ ...base, sentAtMs: 1_010, atMs: 1_012.5, remaining: 20, resetAtMs: 2_003.2 });
    turn.see({ ...base, sentAtMs: 1_011, atMs: 1_090.5, remaining: 19, resetAtMs: 2_080.1 });
    expect(turn.atMs).toBeCloseTo(2_005.2, 1);
  });

  it.each([
    ["a sliding window, which remembers", { remaining: 0, resetAtMs: 1_011.4 }],
    ["a sliding window that tells a whole window all the same", { remaining: 0, resetAtMs: 2_003.4 }],
    ["a token bucket, which is soon full", { remaining: 20, resetAtMs: 1_337.2 }],
  ])("is not taken from %s", (_shape, next) => {
    expect(turnAfter(next).atMs).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ["the clock", 3_000],
    ["the answer", 2_003.5],
  ])("is not taken from figures in whole seconds of %s", (_origin, resetAtMs) => {
    expect(turnAfter({ remaining: 29, resetAtMs }).isProven).toBe(false);
  });

  it("is forgotten for good after a refusal of what left right after it", () => {
    const turn = turnAfter({ remaining: 29, resetAtMs: 2_003.4 });
    turn.take(windowMs);
    expect(turn.isLate(2_003.9)).toBe(true);
    turn.noteRefusal(2_006);
    turn.see({ ...base, sentAtMs: 3_010, atMs: 3_010.5, remaining: 29, resetAtMs: 4_010.7 });
    expect(turn.atMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("is kept after a refusal that comes late in the window, which somebody else may have caused", () => {
    const turn = turnAfter({ remaining: 29, resetAtMs: 2_003.4 });
    turn.take(windowMs);
    turn.noteRefusal(2_900);
    expect(turn.isProven).toBe(true);
  });
});
