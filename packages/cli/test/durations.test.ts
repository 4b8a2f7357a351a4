import { describe, expect, it } from "vitest";
import { inWords, parseDuration } from "../src/durations.js";

describe("durations", () => {
  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["2m", 120_000],
    ["1.5h", 5_400_000],
    ["90", 90_000],
  ])("read %s as %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "soon", "-3s", "0s", "3 weeks"])("refuse %j as a mistake of usage", (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it.each([
    [-5, "0 ms"],
    [340, "340 ms"],
    [59_400, "59 s"],
    [90_000, "1 min 30 s"],
    [7_200_000, "2 h"],
    [90_061_000, "1 d 1 h"],
  ])("tell %i ms as %s", (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});
