import { describe, expect, it } from "vitest";
import { tell } from "../src/server/dialects.js";
import { Limiter, leastDrainMs } from "../src/server/limiter.js";
import type { LimitPlan } from "../src/server/plan.js";

const account: LimitPlan = { scope: "account", shape: "fixed", limit: 3, windowMs: 1_000 };
const session: LimitPlan = { scope: "session", shape: "fixed", limit: 2, windowMs: 1_000 };

describe("several limits at once", () => {
  it("counts each session for itself and all of them for the account", () => {
    const limiter = new Limiter([session, account]);
    const verdicts = ["a", "a", "a", "b", "b"].map((name) => limiter.judge(name, 0).isAccepted);
    expect(verdicts).toEqual([true, true, false, true, false]);
  });

  it("takes of none when one of them refuses", () => {
    const limiter = new Limiter([
      { ...session, limit: 5 },
      { ...account, limit: 1, windowMs: 100 },
    ]);
    const verdicts = [0, 10, 20, 100, 200, 300, 400, 500].map((atMs) => limiter.judge("a", atMs).isAccepted);
    // Five in all within the session's second: the two refused ones did not count.
    expect(verdicts).toEqual([true, false, false, true, true, true, true, false]);
  });

  it("tells of the first limit, whichever is the tightest", () => {
    const limiter = new Limiter([session, { ...account, limit: 1 }]);
    expect(limiter.judge("a", 0).allowance).toMatchObject({ limit: 2, remaining: 1 });
    expect(limiter.judge("b", 0)).toMatchObject({ isAccepted: false, allowance: { limit: 2, remaining: 2 } });
  });

  it("asks a refused request to wait for the slowest of them", () => {
    const limiter = new Limiter([
      { ...session, limit: 1, windowMs: 4_000 },
      { ...account, limit: 1 },
    ]);
    limiter.judge("a", 0);
    expect(limiter.judge("a", 100)).toMatchObject({ isAccepted: false, waitMs: 3_900 });
  });
});

describe("the least time to drain", () => {
  it.each([
    ["a fixed window", [{ ...account, limit: 30 }], 300, 1, 9_000],
    ["a sliding window", [{ ...account, shape: "sliding", limit: 30 }], 300, 1, 9_000],
    ["a token bucket, its burst for nothing", [{ ...account, shape: "token", limit: 30 }], 300, 1, 9_000],
    ["a spacing", [{ ...account, shape: "spacing", limit: 1, windowMs: 200 }], 50, 1, 9_800],
    [
      "two windows together",
      [
        { ...account, limit: 10, windowMs: 500 },
        { ...account, limit: 60, windowMs: 4_000 },
      ],
      150,
      1,
      9_000,
    ],
    [
      "sessions under one account",
      [
        { ...session, limit: 10 },
        { ...account, limit: 30 },
      ],
      300,
      4,
      9_000,
    ],
  ] as const)("is known for %s", (_name, plans, sends, sessions, leastMs) => {
    expect(leastDrainMs(plans, sends, sessions)).toBeCloseTo(leastMs, 0);
  });

  it("follows a limit that is halved and doubled", () => {
    const steps = [
      { fromMs: 3_500, limit: 15 },
      { fromMs: 6_500, limit: 30 },
    ];
    expect(leastDrainMs([{ ...account, limit: 30, steps }], 300)).toBe(11_000);
  });
});

describe("how a verdict is told", () => {
  const verdict = new Limiter([{ ...account, limit: 1 }]);
  verdict.judge("a", 0);
  const refused = verdict.judge("a", 749.5);

  it("tells fractions, and never less than must be waited", () => {
    expect(tell(refused, "x-ratelimit", 1_000_000_000_000)).toEqual({
      headers: {
        "X-RateLimit-Limit": "1",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "1000000001",
        "X-RateLimit-Bucket": "send",
        "X-RateLimit-Reset-After": "0.251",
        "Retry-After": "0.251",
      },
      retryAfter: 0.251,
    });
  });

  it("tells whole seconds in the dialects that have no others", () => {
    expect(tell(refused, "ietf", 0).headers).toEqual({
      "RateLimit-Policy": '"send";q=1;w=1',
      RateLimit: '"send";r=0;t=1',
      "Retry-After": "1",
    });
    expect(tell(refused, "x-ratelimit-whole", 0).headers["Retry-After"]).toBe("1");
  });

  it("tells nothing before a refusal where only refusals tell", () => {
    const fresh = new Limiter([account]).judge("a", 0);
    expect(tell(fresh, "refusals-only", 0)).toEqual({ headers: {} });
  });
});
