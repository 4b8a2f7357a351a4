import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Repeatable } from "../../src/contract/index.js";
import type { Fault } from "../../src/transport/fault.js";
import { type AttemptOutcome, decideRetry, type RetryContext } from "../../src/transport/retry.js";

const context: RetryContext = {
  repeatable: "never",
  attempts: 1,
  refusals: 0,
  nowMs: 0,
  busyMs: 0,
  chance: 0.5,
  maxAttempts: 4,
  maxRefusals: 8,
  totalTimeoutMs: 120_000,
  backoffBaseMs: 100,
  backoffCapMs: 1_000,
};

const answered = (
  status: number,
  code: "RATE_LIMITED" | "PROVIDER_UNAVAILABLE" | "PROVIDER_REJECTED",
  outcome?: "rejected",
): AttemptOutcome => ({
  kind: "answered",
  status,
  failure: { code, ...(outcome ? { outcome } : {}) },
});
const fault = (what: Fault): AttemptOutcome => ({ kind: "fault", fault: what });

describe("an operation that may be done only once", () => {
  it.each([
    ["nothing was sent", fault("unreachable"), true],
    ["it was refused for its rate", answered(429, "RATE_LIMITED"), true],
    ["the provider says that it did nothing", answered(503, "PROVIDER_UNAVAILABLE", "rejected"), true],
    ["the answer was lost", fault("lost"), false],
    ["no answer came in time", fault("timeout"), false],
    ["the certificate is not trusted", fault("untrusted"), false],
    ["a gateway failed", answered(502, "PROVIDER_UNAVAILABLE"), false],
    ["a gateway gave up waiting", answered(504, "PROVIDER_UNAVAILABLE"), false],
    ["the provider is unavailable and says no more", answered(503, "PROVIDER_UNAVAILABLE"), false],
  ])("when %s: repeated is %s", (_name, outcome, repeat) => {
    expect(decideRetry(outcome, context).repeat).toBe(repeat);
  });
});

describe("an operation that may be repeated", () => {
  it.each([
    ["a lost answer", fault("lost"), true],
    ["a time-out", fault("timeout"), true],
    ["no connection", fault("unreachable"), true],
    ["an outage", answered(500, "PROVIDER_UNAVAILABLE"), true],
    ["a refusal for its rate", answered(429, "RATE_LIMITED"), true],
    ["a certificate that is not trusted", fault("untrusted"), false],
    ["an answer that is too large", fault("too_large"), false],
    ["the caller's cancel", fault("cancelled"), false],
    ["what the provider does not implement", answered(501, "PROVIDER_UNAVAILABLE"), false],
    ["a plain no", answered(422, "PROVIDER_REJECTED"), false],
  ])("after %s: repeated is %s", (_name, outcome, repeat) => {
    for (const repeatable of ["always", "with_key"] as const)
      expect(decideRetry(outcome, { ...context, repeatable }).repeat).toBe(repeat);
  });

  it("waits anything up to a doubling, capped back-off", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempts) =>
      decideRetry(fault("lost"), { ...context, repeatable: "always", attempts, maxAttempts: 9, chance: 0.999_999 }),
    );
    expect(waits.map((wait) => ("afterMs" in wait ? wait.afterMs : -1))).toEqual([99, 199, 399, 799, 999, 999]);
    expect(decideRetry(fault("lost"), { ...context, repeatable: "always", chance: 0 })).toMatchObject({ afterMs: 0 });
  });

  it("waits as long as an outage asks, and not its back-off on top", () => {
    const outcome: AttemptOutcome = { ...answered(503, "PROVIDER_UNAVAILABLE"), retryAfterMs: 7_000 } as AttemptOutcome;
    expect(decideRetry(outcome, { ...context, repeatable: "always" })).toEqual({
      repeat: true,
      wait: "backoff",
      afterMs: 7_000,
    });
  });
});

describe("repeating ends", () => {
  const always = { ...context, repeatable: "always" as const };

  it("with the attempts, the refusals, the time for all attempts, and the deadline", () => {
    expect(decideRetry(fault("lost"), { ...always, attempts: 4 })).toEqual({ repeat: false, because: "attempts" });
    expect(decideRetry(answered(429, "RATE_LIMITED"), { ...always, refusals: 8 })).toEqual({
      repeat: false,
      because: "refusals",
    });
    expect(decideRetry(fault("lost"), { ...always, busyMs: 119_990 })).toEqual({ repeat: false, because: "time" });
    expect(decideRetry(fault("lost"), { ...always, deadlineAtMs: 20 })).toEqual({ repeat: false, because: "time" });
    expect(decideRetry(answered(429, "RATE_LIMITED"), { ...always, deadlineAtMs: 0 })).toEqual({
      repeat: false,
      because: "time",
    });
  });

  it("for everything, however it goes on, and never repeats what may have happened once only", () => {
    const faults: Fault[] = ["unreachable", "untrusted", "unsendable", "lost", "timeout", "cancelled", "too_large"];
    const outcomes = fc.oneof(
      fc.constantFrom(...faults).map(fault),
      fc.constant(answered(429, "RATE_LIMITED")),
      fc.integer({ min: 500, max: 599 }).map((status) => answered(status, "PROVIDER_UNAVAILABLE")),
    );
    fc.assert(
      fc.property(
        fc.infiniteStream(outcomes),
        fc.constantFrom<Repeatable>("always", "with_key", "never"),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (stream, repeatable, chance) => {
          let attempts = 0;
          let refusals = 0;
          for (let turn = 0; ; turn++) {
            expect(turn).toBeLessThan(context.maxAttempts + context.maxRefusals);
            const outcome = stream.next().value as AttemptOutcome;
            if (outcome.kind === "answered" && outcome.status === 429) refusals++;
            else attempts++;
            const decision = decideRetry(outcome, { ...context, repeatable, chance, attempts, refusals });
            if (!decision.repeat) return;
            if (repeatable === "never")
              expect(outcome.kind === "fault" ? outcome.fault : outcome.status).toBeOneOf(["unreachable", 429]);
          }
        },
      ),
    );
  });
});
