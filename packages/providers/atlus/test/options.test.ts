import { createColloquy } from "@colloquy/core";
import { describe, expect, it } from "vitest";
import { atlus } from "../src/index.js";
import { readRateLimits } from "../src/rate-limits.js";
import { answered } from "./support/wire.js";

const fields = (...options: Parameters<typeof atlus>) =>
  atlus(...options)
    .validateConfig()
    .map(({ field }) => field);

describe("the options", () => {
  it("have defaults for everything", () => {
    const provider = atlus();
    expect([provider.baseUrl, provider.credentials, provider.validateConfig()]).toEqual([
      "http://localhost:5000",
      {},
      [],
    ]);
    expect(provider.operations.chat.send.attemptTimeoutMs).toBe(300_000);
    expect(provider.limits).toBeUndefined();
  });

  it.each([
    ["http://localhost:5000/", "http://localhost:5000"],
    ["http://localhost:5000/api/v1", "http://localhost:5000"],
    ["https://gateway.example/atlus/api/v1/", "https://gateway.example/atlus"],
  ])("take %s for the address", (baseUrl, expected) => {
    expect(atlus({ baseUrl }).baseUrl).toBe(expected);
  });

  it.each(["", "atlus", "ftp://atlus.example", "http://u:p@localhost", "http://localhost?a=1", "http://localhost#a"])(
    "refuse the address %j",
    (baseUrl) => {
      expect(fields({ baseUrl })).toEqual(["baseUrl"]);
    },
  );

  it("refuse plain http only where a token would travel over it", () => {
    expect(fields({ baseUrl: "http://atlus.internal" })).toEqual([]);
    expect(fields({ baseUrl: "http://atlus.internal", personalAccessToken: "pat" })).toEqual(["baseUrl"]);
    for (const baseUrl of ["https://atlus.internal", "http://127.0.0.1:5000", "http://[::1]:5000"])
      expect(fields({ baseUrl, personalAccessToken: "pat" })).toEqual([]);
  });

  it.each(["", "two words", "line\nbreak"])("refuse the token %j", (personalAccessToken) => {
    expect(fields({ personalAccessToken })).toEqual(["personalAccessToken"]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuse a chat of %s ms", (chatTimeoutMs) => {
    expect(fields({ chatTimeoutMs })).toEqual(["chatTimeoutMs"]);
    expect(() => createColloquy({ providers: [atlus({ chatTimeoutMs })] })).toThrow(/chatTimeoutMs/);
  });

  it("put other limits in force", () => {
    const limits = [
      { bucket: "chat", scope: "account", limit: 5, windowMs: 1_000, source: "us", asOf: "2026-11-21" },
    ] as const;
    expect(atlus({ limits }).limits).toBe(limits);
  });
});

describe("reading limits", () => {
  const { chat, service } = atlus().operations;

  it("finds none in the service's own answers, and a gateway's in the usual headers", () => {
    expect(readRateLimits(answered(200, {}), chat.send)).toEqual([]);
    expect(
      readRateLimits(
        answered(429, {}, { "ratelimit-limit": "10", "ratelimit-remaining": "0", "retry-after": "3" }),
        chat.send,
      ),
    ).toMatchObject([{ bucket: "chat", scope: "account", limit: 10, remaining: 0, retryAfterMs: 3_000 }]);
    expect(readRateLimits(answered(200, {}, { "ratelimit-limit": "10" }), service.health)).toEqual([]);
  });
});
