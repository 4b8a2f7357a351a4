import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { account } from "../src/operations/account.js";
import { messages } from "../src/operations/messages.js";
import { readRateLimits, retryAfterMsOf } from "../src/rate-limits.js";
import { answered, arrivedAtMs } from "./support/wire.js";

const read = (headers: Readonly<Record<string, string>>, status = 200, body: unknown = { success: true }) =>
  readRateLimits(answered(status, body, headers), messages.send);

const short = { "x-ratelimit-limit": "256", "x-ratelimit-remaining": "10", "x-ratelimit-reset": "30" };

describe("reading rate limits", () => {
  it("reads the short window into the operation's own bucket", () => {
    expect(read(short)).toEqual([
      {
        bucket: "send",
        scope: "session",
        limit: 256,
        remaining: 10,
        resetAtMs: arrivedAtMs + 30_000,
        observedAtMs: arrivedAtMs,
      },
    ]);
  });

  it("tells of the day after the short window, by its length", () => {
    const daily = {
      "x-ratelimit-daily-limit": "50",
      "x-ratelimit-daily-remaining": "3",
      "x-ratelimit-daily-reset": "7200",
    };
    expect(read({ ...short, ...daily })[1]).toEqual({
      bucket: "send",
      scope: "session",
      limit: 50,
      remaining: 3,
      resetAtMs: arrivedAtMs + 7_200_000,
      windowMs: 86_400_000,
      observedAtMs: arrivedAtMs,
    });
  });

  it.each([
    ["seconds until then", "60", arrivedAtMs + 60_000],
    ["a fraction of a second", "0.25", arrivedAtMs + 250],
    ["an instant in seconds", String(arrivedAtMs / 1_000 + 60), arrivedAtMs + 60_000],
    ["an instant in seconds that just passed", String(arrivedAtMs / 1_000 - 1), arrivedAtMs - 1_000],
    ["an instant in milliseconds", String(arrivedAtMs + 60_000), arrivedAtMs + 60_000],
  ])("understands a reset given as %s", (_form, value, expected) => {
    expect(read({ "x-ratelimit-reset": value })[0]?.resetAtMs).toBe(expected);
  });

  it("reads the wait of a refusal from its body", () => {
    expect(read({}, 429, { message: "slow down", retry_after: 5 })).toEqual([
      { bucket: "send", scope: "session", retryAfterMs: 5_000, observedAtMs: arrivedAtMs },
    ]);
  });

  it("tells which window a refusal is about when the day is used up and the short window is not", () => {
    const daily = {
      "x-ratelimit-daily-limit": "50",
      "x-ratelimit-daily-remaining": "0",
      "x-ratelimit-daily-reset": "7200",
    };
    for (const body of [{ message: "slow down", retry_after: 7_200 }, { message: "slow down" }]) {
      const [first, second] = read({ ...short, ...daily }, 429, body);
      expect(first).toMatchObject({ remaining: 10, retryAfterMs: 7_200_000 });
      expect(second).toMatchObject({ windowMs: 86_400_000, remaining: 0, retryAfterMs: 7_200_000 });
    }
  });

  it("takes the longer of body and header, and a header's date too", () => {
    expect(retryAfterMsOf(answered(429, { retry_after: 5 }, { "retry-after": "60" }))).toBe(60_000);
    expect(retryAfterMsOf(answered(429, { retry_after: 90 }, { "retry-after": "60" }))).toBe(90_000);
    expect(retryAfterMsOf(answered(429, {}, { "retry-after": new Date(arrivedAtMs + 4_000).toUTCString() }))).toBe(
      4_000,
    );
    expect(retryAfterMsOf(answered(429, { retry_after: "7" }))).toBe(7_000);
  });

  it("says nothing where the answer says nothing, or nothing sensible", () => {
    expect(read({})).toEqual([]);
    expect(read({ "x-ratelimit-limit": "many", "x-ratelimit-reset": "-1" })).toEqual([]);
    expect(retryAfterMsOf(answered(429, { retry_after: -5 }, { "retry-after": "soon" }))).toBeUndefined();
    expect(readRateLimits(answered(200, { status: "connected" }, short), account.status)).toEqual([]);
  });

  it("is total, and never tells of anything but finite numbers", () => {
    const header = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String));
    fc.assert(
      fc.property(header, header, header, fc.jsonValue(), (limit, reset, wait, body) => {
        const headers = { "x-ratelimit-limit": limit, "x-ratelimit-reset": reset, "retry-after": wait };
        for (const reading of read(headers, 429, body))
          for (const value of Object.values(reading))
            if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
      }),
    );
  });
});
