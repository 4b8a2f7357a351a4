import type { Challenge } from "@colloquy/core";
import { describe, expect, it } from "vitest";
import { challengeText, countdownLine, type Place } from "../src/pairing/challenge-text.js";

const nothing = async (): Promise<void> => {};
const challenge: Challenge = {
  sessionId: "ses_1",
  kind: "qr",
  artefact: "2@made-up-pairing-string",
  attempt: 2,
  of: 8,
  issuedAtMs: 1_000,
  expiresAtMs: 46_000,
  deadlineAtMs: 301_000,
  refresh: nothing,
  cancel: nothing,
  respond: nothing,
};
const wide: Place = { columns: 200, rows: 200, wantsSmall: false, hasColors: false };

describe("a challenge on the terminal", () => {
  it("is drawn in full blocks where there is room, with the raw text below", () => {
    const text = challengeText(challenge, wide);
    expect(text).toContain("████");
    expect(text).not.toContain("▄");
    expect(text).toContain("As text: 2@made-up-pairing-string");
  });

  it("is drawn small when asked for, or when only that fits", () => {
    expect(challengeText(challenge, { ...wide, wantsSmall: true })).toContain("▄");
    expect(challengeText(challenge, { ...wide, columns: 50 })).toContain("▄");
    expect(challengeText(challenge, { ...wide, rows: 28 })).toContain("▄");
  });

  it("is not drawn at all where half of it would be missing, and the page is named", () => {
    const text = challengeText(challenge, { ...wide, rows: 12, pageUrl: "http://127.0.0.1:1/x" });
    expect(text).not.toMatch(/[█▄▀]/);
    expect(text).toContain("On a page: http://127.0.0.1:1/x");
    expect(text).toContain("2@made-up-pairing-string");
  });

  it("sets its own black and white where there are colours", () => {
    expect(challengeText(challenge, { ...wide, hasColors: true })).toContain("\u001b[107m");
  });

  it("shows a kind that it does not know as something to do", () => {
    expect(challengeText({ ...challenge, kind: "device_code", artefact: "ABCD-EFGH" }, wide)).toBe(
      "To do now (device_code):\nABCD-EFGH",
    );
  });

  it("counts down, and says when a fresh code is due", () => {
    expect(countdownLine(challenge, 5_000)).toContain("Code 2 of 8, 41 s left");
    expect(countdownLine(challenge, 47_000)).toContain("a fresh one is on its way");
  });
});
