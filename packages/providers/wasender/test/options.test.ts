import { describe, expect, it } from "vitest";
import { type WasenderOptions, wasender } from "../src/index.js";
import { tokenLooksLike } from "../src/manifest.js";

const sessionKey = "a1".repeat(32);
const accessToken = `12|${"A1b2".repeat(10)}`;
const problemFields = (options: WasenderOptions): readonly string[] =>
  wasender(options)
    .validateConfig()
    .map(({ field }) => field);

describe("options", () => {
  it("default to the provider's address and the paid plan's limits", () => {
    const provider = wasender();
    expect(provider.baseUrl).toBe("https://www.wasenderapi.com/api");
    expect(provider.limits).toBeUndefined();
    expect(provider.validateConfig()).toEqual([]);
    expect(provider.credentials).toEqual({});
  });

  it("keep the base URL without its trailing slash", () => {
    expect(wasender({ baseUrl: "http://127.0.0.1:4000/wasender/api/" }).baseUrl).toBe(
      "http://127.0.0.1:4000/wasender/api",
    );
  });

  it.each([
    "",
    "wasender",
    "ftp://wasender.example",
    "http://wasender.example/api",
    "https://me:word@wasender.example",
    "https://wasender.example/api?x=1",
  ])("refuse %j as the base URL", (baseUrl) => {
    expect(problemFields({ baseUrl })).toEqual(["baseUrl"]);
  });

  it.each(["http://localhost:4000/api", "http://127.0.0.1/api", "http://[::1]:4000", "https://wasender.example/api"])(
    "accept %s",
    (baseUrl) => {
      expect(problemFields({ baseUrl })).toEqual([]);
    },
  );

  it("refuse a token that is empty, cannot travel in a header, or is a session's key", () => {
    for (const personalAccessToken of ["", " ", `${accessToken}\n`, `Bearer ${accessToken}`, sessionKey])
      expect(problemFields({ personalAccessToken })).toEqual(["personalAccessToken"]);
    expect(problemFields({ personalAccessToken: accessToken })).toEqual([]);
    expect(problemFields({ personalAccessToken: () => accessToken })).toEqual([]);
  });

  it("never repeat the token in a problem", () => {
    const problems = wasender({ personalAccessToken: `canary ${sessionKey}` }).validateConfig();
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toMatch(/canary|a1a1/);
  });

  it("refuse limits that make no sense", () => {
    expect(problemFields({ limits: { sendPerMinute: 0, accountProtectionWindowMs: Number.NaN } })).toEqual([
      "limits.sendPerMinute",
      "limits.accountProtectionWindowMs",
    ]);
  });
});

describe("limits", () => {
  const sendRules = (options: WasenderOptions) => {
    const provider = wasender(options);
    return (provider.limits ?? provider.manifest.limits)
      .filter(({ bucket }) => bucket.startsWith("send"))
      .map(({ bucket, limit, windowMs, when }) => [bucket, limit, windowMs, when?.["accountProtection"]]);
  };

  it("hold one rule on sending at a time: the protected pace or the plan's", () => {
    expect(sendRules({})).toEqual([
      ["send", 1, 5_000, true],
      ["send", 256, 60_000, false],
    ]);
  });

  it("pace a trial whether or not the account is protected", () => {
    expect(sendRules({ plan: "trial" })).toEqual([
      ["send", 1, 60_000, undefined],
      ["send", 50, 86_400_000, undefined],
    ]);
  });

  it("take other figures, or a whole list", () => {
    expect(sendRules({ limits: { accountProtectionWindowMs: 200, sendPerDay: 9 } })).toEqual([
      ["send", 1, 200, true],
      ["send", 256, 60_000, false],
      ["send", 9, 86_400_000, undefined],
    ]);
    expect(wasender({ limits: [] }).limits).toEqual([]);
  });

  it("name a bucket for every limit that an operation spends, and say where each number is from", () => {
    const { manifest, operations } = wasender();
    const spent = new Set(
      Object.values(operations).flatMap((verbs) => Object.values(verbs).flatMap(({ buckets }) => buckets)),
    );
    for (const { bucket, source, asOf } of manifest.limits) {
      expect(spent).toContain(bucket);
      expect(source).not.toBe("");
      expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

describe("telling tokens apart", () => {
  it("knows both kinds by their form and is silent about others", () => {
    expect(tokenLooksLike(sessionKey)).toBe("session_key");
    expect(tokenLooksLike(accessToken)).toBe("personal_access_token");
    for (const other of ["", "made-up", sessionKey.toUpperCase(), sessionKey.slice(1), "12|short"])
      expect(tokenLooksLike(other)).toBeUndefined();
  });
});
