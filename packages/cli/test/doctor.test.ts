import { describe, expect, it } from "vitest";
import { checkClock, checkNode } from "../src/doctor/check-runtime.js";
import { checkSecretKey } from "../src/doctor/check-store.js";

describe("the doctor", () => {
  it.each([
    ["20.19.0", "ok"],
    ["24.1.0", "ok"],
    ["20.18.3", "fail"],
    ["18.20.0", "fail"],
  ])("takes Node %s as %s", (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  it("compares the clock with the provider's", () => {
    const date = "Sat, 21 Nov 2026 12:00:00 GMT";
    const nowMs = Date.parse(date);
    expect(checkClock(date, nowMs + 900).state).toBe("ok");
    expect(checkClock(date, nowMs - 30_000).state).toBe("warn");
    expect(checkClock(date, nowMs + 3_600_000).state).toBe("fail");
    expect(checkClock(null, nowMs).state).toBe("ok");
    expect(checkClock("yesterday", nowMs).state).toBe("ok");
  });

  it("never shows the secret key", () => {
    const key = "canary-key-canary-key";
    expect(JSON.stringify([checkSecretKey(key), checkSecretKey("canary")])).not.toContain("canary");
    expect(checkSecretKey(undefined).state).toBe("warn");
    expect(checkSecretKey("short").state).toBe("warn");
    expect(checkSecretKey(key).state).toBe("ok");
  });
});
