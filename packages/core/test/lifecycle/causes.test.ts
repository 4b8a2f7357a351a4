import { describe, expect, it } from "vitest";
import { ColloquyError, type ErrorCode, errorCatalogue } from "../../src/contract/index.js";
import { causePolicies, classifyError } from "../../src/lifecycle/causes.js";
import { opened, play, startMs } from "./setting.js";

const failure = (code: ErrorCode, rest: Partial<ConstructorParameters<typeof ColloquyError>[0]> = {}) =>
  new ColloquyError({ code, message: "made up", ...rest });

describe("what a failed call means to the lifecycle", () => {
  it.each<[ErrorCode, string, string]>([
    ["NETWORK_UNREACHABLE", "transient", "network"],
    ["OUTCOME_UNKNOWN", "transient", "network"],
    ["DEADLINE_EXCEEDED", "transient", "timeout"],
    ["PROVIDER_UNAVAILABLE", "transient", "unavailable"],
    ["RATE_LIMITED", "transient", "rate_limited"],
    ["RESPONSE_MALFORMED", "bounded", "malformed_answer"],
    ["PROVIDER_REJECTED", "bounded", "provider_rejected"],
    ["QUOTA_EXCEEDED", "yield", "quota_exceeded"],
    ["SECRET_UNREADABLE", "yield", "secret_unreadable"],
    ["CREDENTIAL_REJECTED", "fatal", "credential_rejected"],
    ["SUBSCRIPTION_REQUIRED", "fatal", "subscription_required"],
    ["REDIRECT_REFUSED", "fatal", "config_invalid"],
  ])("%s is %s (%s)", (code, causeClass, reason) => {
    expect(classifyError(failure(code))).toMatchObject({ type: "dropped", cause: { class: causeClass, reason } });
  });

  it("knows a session that is gone", () => {
    expect(classifyError(failure("REMOTE_NOT_FOUND"))).toEqual({ type: "notFound" });
  });

  it("has a verdict for every code, in a known class", () => {
    for (const code of Object.keys(errorCatalogue) as ErrorCode[]) {
      const observation = classifyError(failure(code));
      if (observation.type === "dropped") expect(causePolicies).toHaveProperty(observation.cause.class);
      else expect(observation.type).toBe("notFound");
    }
  });

  it("takes a code that it does not know for trouble with a ceiling", () => {
    expect(classifyError({ code: "BRAND_NEW" } as never)).toMatchObject({
      cause: { class: "bounded", reason: "unexpected" },
    });
  });

  it("says what to do where trying again does not help", () => {
    expect(classifyError(failure("CREDENTIAL_REJECTED"))).toMatchObject({
      cause: { userAction: errorCatalogue.CREDENTIAL_REJECTED.userAction },
    });
    expect(classifyError(failure("NETWORK_UNREACHABLE"))).not.toHaveProperty("cause.userAction");
  });

  it("waits as long as the provider asked", () => {
    const reading = { bucket: "account", scope: "account", retryAfterMs: 30_000, observedAtMs: startMs } as const;
    expect(classifyError(failure("RATE_LIMITED", { retryAfterMs: 20_000 }), startMs)).toMatchObject({
      cause: { untilMs: startMs + 20_000 },
    });
    const observation = classifyError(
      failure("RATE_LIMITED", { retryAfterMs: 20_000, rateLimits: [reading] }),
      startMs,
    );
    expect(observation).toMatchObject({ cause: { untilMs: startMs + 30_000 } });
    expect(play(["start", opened, observation]).snapshot.timers.reconnectDue).toBe(startMs + 30_000);
  });
});
