import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRetryAfter, readRateLimitHeaders } from "../../src/contract/index.js";

const nowMs = Date.UTC(2026, 0, 15, 12, 0, 0);
const read = (headers: Record<string, string>) =>
  readRateLimitHeaders(headers, { bucket: "send", scope: "session", nowMs });
const base = { bucket: "send", scope: "session", observedAtMs: nowMs };

describe("headers that tell of a limit", () => {
  it.each<[string, Record<string, string>, object]>([
    [
      "X-RateLimit-* with a wait",
      { "x-ratelimit-limit": "30", "x-ratelimit-remaining": "12", "x-ratelimit-reset": "7" },
      { limit: 30, remaining: 12, resetAtMs: nowMs + 7_000 },
    ],
    [
      "X-RateLimit-* with an instant in seconds",
      { "x-ratelimit-limit": "30", "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(nowMs / 1_000 + 7) },
      { limit: 30, remaining: 0, resetAtMs: nowMs + 7_000 },
    ],
    [
      "X-RateLimit-* with an instant in milliseconds",
      { "x-ratelimit-limit": "30", "x-ratelimit-reset": String(nowMs + 123) },
      { limit: 30, resetAtMs: nowMs + 123 },
    ],
    [
      "X-RateLimit-* with a date",
      { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "2026-01-15T12:00:09Z" },
      { remaining: 3, resetAtMs: nowMs + 9_000 },
    ],
    [
      "X-RateLimit-Reset-After before the rounded instant",
      { "x-ratelimit-limit": "5", "x-ratelimit-reset": String(nowMs / 1_000 + 1), "x-ratelimit-reset-after": "0.25" },
      { limit: 5, resetAtMs: nowMs + 250 },
    ],
    [
      "X-Rate-Limit-*",
      { "x-rate-limit-limit": "15", "x-rate-limit-remaining": "14", "x-rate-limit-reset": "900" },
      { limit: 15, remaining: 14, resetAtMs: nowMs + 900_000 },
    ],
    [
      "RateLimit-* of the first drafts, the policy along with the limit",
      { "ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "50", "ratelimit-reset": "50" },
      { limit: 100, remaining: 50, resetAtMs: nowMs + 50_000, windowMs: 60_000 },
    ],
    [
      "RateLimit of draft 7",
      { ratelimit: "limit=100, remaining=50, reset=5", "ratelimit-policy": "100;w=10" },
      { limit: 100, remaining: 50, resetAtMs: nowMs + 5_000, windowMs: 10_000 },
    ],
    [
      "RateLimit with its policy by name",
      { ratelimit: '"default";r=50;t=30', "ratelimit-policy": '"other";q=9;w=1, "default";q=100;w=60' },
      { limit: 100, remaining: 50, resetAtMs: nowMs + 30_000, windowMs: 60_000 },
    ],
    ["RateLimit without a policy", { ratelimit: '"default";r=50;t=30' }, { remaining: 50, resetAtMs: nowMs + 30_000 }],
    ["Retry-After alone", { "retry-after": "2" }, { retryAfterMs: 2_000 }],
    [
      "a repeated header, joined",
      { "x-ratelimit-limit": "30, 30", "x-ratelimit-remaining": "4, 4" },
      { limit: 30, remaining: 4 },
    ],
  ])("as %s are read", (_dialect, headers, told) => {
    expect(read(headers)).toEqual([{ ...base, ...told }]);
  });

  it("of several policies give several readings, the shortest window first, and the wait to the one used up", () => {
    const told = read({
      ratelimit: '"day";r=0;t=3600, "burst";r=7;t=1',
      "ratelimit-policy": '"day";q=1000;w=86400, "burst";q=10;w=1',
      "retry-after": "3600",
    });
    expect(told).toEqual([
      { ...base, limit: 10, remaining: 7, resetAtMs: nowMs + 1_000, windowMs: 1_000 },
      {
        ...base,
        ...{ limit: 1_000, remaining: 0, resetAtMs: nowMs + 3_600_000, windowMs: 86_400_000, retryAfterMs: 3_600_000 },
      },
    ]);
  });

  it("as an instant of a clock that goes wrong are corrected by the server's Date", () => {
    const serverMs = nowMs - 3_600_000;
    const headers = {
      "x-ratelimit-limit": "30",
      "x-ratelimit-reset": String(serverMs / 1_000 + 10),
      date: new Date(serverMs).toUTCString(),
    };
    expect(read(headers)).toMatchObject([{ resetAtMs: nowMs + 10_000 }]);
  });

  it("tell nothing where there are none or only nonsense", () => {
    expect(read({})).toEqual([]);
    expect(read({ "x-ratelimit-limit": "many", "x-ratelimit-reset": "soon", "retry-after": "-5" })).toEqual([]);
  });

  it("never throw and never give what is not a number, whatever they say", () => {
    const names = ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[\d;=,"rtqw. ]{0,20}$/));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, "retry-after", "date"), text), (headers) => {
        for (const { bucket, scope, ...numbers } of read(headers)) {
          expect([bucket, scope]).toEqual(["send", "session"]);
          for (const number of Object.values(numbers)) expect(number).toSatisfy(Number.isFinite);
        }
      }),
    );
  });
});

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["1.5", 1_500],
    [new Date(nowMs + 4_000).toUTCString(), 4_000],
    [new Date(nowMs - 4_000).toUTCString(), 0],
    ["-5", undefined],
    ["", undefined],
    ["tomorrow", undefined],
  ])("of %j is %s ms", (value, ms) => {
    expect(parseRetryAfter(value, nowMs)).toBe(ms);
  });
});
