import { describe, expect, it } from "vitest";
import { Run } from "../src/server/run.js";
import { submittedOf } from "../src/server/submitted.js";

const plan = {
  limits: [{ scope: "account", shape: "fixed", limit: 2, windowMs: 1_000 }],
  dialect: "ietf",
  seed: 5,
} as const;

describe("the books of a run", () => {
  it("hold when each was accepted or refused, from the first request on", () => {
    const run = new Run(plan);
    for (const [place, atMs] of [5_000, 5_010, 5_020, 6_000].entries())
      run.judge({ id: `m-${place}`, session: "a" }, atMs);
    expect(run.report()).toEqual({
      acceptedAtMs: [0, 10, 1_000],
      acceptedIds: ["m-0", "m-1", "m-3"],
      refusedAtMs: [20],
      duplicateCount: 0,
      faultCount: 0,
    });
  });

  it("count a message that was accepted twice, not one that was refused before", () => {
    const run = new Run(plan);
    for (const atMs of [0, 1, 2, 1_000]) run.judge({ id: atMs === 0 ? "other" : "same", session: "a" }, atMs);
    expect(run.report()).toMatchObject({ duplicateCount: 1, acceptedIds: ["other", "same", "same"] });
  });
});

describe("faults", () => {
  const faulty = {
    ...plan,
    limits: [],
    faults: { unavailable: 0.05, lostAnswer: 0.02, dropped: 0.02 },
  } as const;
  const kinds = (seed: number): readonly (string | undefined)[] => {
    const run = new Run({ ...faulty, seed });
    return Array.from({ length: 5_000 }, (_, place) => run.judge({ id: `m-${place}`, session: "a" }, place).fault);
  };

  it("come in the planned shares", () => {
    const drawn = kinds(1);
    const share = (kind: string): number => drawn.filter((one) => one === kind).length / drawn.length;
    expect(share("unavailable")).toBeCloseTo(0.05, 1);
    expect(share("lostAnswer")).toBeGreaterThan(0.01);
    expect(share("lostAnswer")).toBeLessThan(0.03);
    expect(share("dropped")).toBeGreaterThan(0.01);
    expect(share("dropped")).toBeLessThan(0.03);
  });

  it("come in the same order for the same seed, and in another for another", () => {
    expect(kinds(3)).toEqual(kinds(3));
    expect(kinds(3)).not.toEqual(kinds(4));
  });

  it("accept a request whose answer is lost, and no other faulty one", () => {
    const run = new Run({ ...faulty, faults: { unavailable: 0.3, lostAnswer: 0.3, dropped: 0.3 } });
    const judged = Array.from({ length: 50 }, (_, place) => run.judge({ id: `m-${place}`, session: "a" }, place));
    for (const { fault, verdict } of judged)
      expect(verdict.isAccepted).toBe(fault === undefined || fault === "lostAnswer");
  });
});

describe("a submitted message", () => {
  it.each([
    ['{"to":"s-1","text":"m-1"}', "application/json"],
    ['{"content":"m-1","to":"s-1"}', "application/json"],
    ["channel=s-1&text=m-1", "application/x-www-form-urlencoded;charset=UTF-8"],
  ])("is read from %s", (body, contentType) => {
    expect(submittedOf(body, contentType)).toEqual({ id: "m-1", session: "s-1" });
  });
});
