import { describe, expect, it } from "vitest";
import type { LimitRule, LimitScope, RateLimitReading } from "../../src/contract/index.js";
import { virtualClock } from "../../src/testing/virtual-clock.js";
import { Bucket } from "../../src/transport/bucket.js";
import { Gate } from "../../src/transport/gate.js";
import type { Grant } from "../../src/transport/grant.js";
import { RoundTrip } from "../../src/transport/round-trip.js";
import { clockWake } from "../../src/transport/wake.js";
import { sendRule } from "./fake-provider.js";

const clock = virtualClock(0);
const gate = new Gate(clock, clockWake(clock));

function bucket(name: string, scope: LimitScope, rules: readonly LimitRule[]): Bucket {
  return new Bucket({ name, scope }, new RoundTrip(), rules);
}

const perSecond = (limit: number): Bucket => bucket("send", "session", [sendRule(limit, 1_000)]);
const perDay = (limit: number): Bucket => bucket("day", "account", [sendRule(limit, 86_400_000)]);

function request(...buckets: readonly Bucket[]): Grant {
  const grant = gate.acquire({ lineKey: "one", resources: buckets });
  if (grant instanceof Promise) throw new Error("It was to be granted at once.");
  return grant;
}

function accept(grant: Grant): void {
  grant.settle({ kind: "answered", sentAtMs: 0, atMs: 0, isRefused: false, readings: [] });
}

function refuse(grant: Grant, retryAfterMs?: number, readings: readonly Partial<RateLimitReading>[] = []): void {
  grant.settle({
    kind: "answered",
    sentAtMs: 0,
    atMs: 0,
    isRefused: true,
    readings: readings.map((one) => ({ bucket: "send", scope: "session", observedAtMs: 0, ...one })),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

describe("a refusal of a request that spends several limits", () => {
  it("is that of the one with the least left: the day's limit is neither cut nor held", () => {
    const second = perSecond(5);
    const day = perDay(1_000);
    for (let place = 0; place < 3; place++) accept(request(second, day));
    refuse(request(second, day), 300);
    expect(second.view(0, 0)).toMatchObject({ limit: 3, refusals: 1, freeAtMs: 1_001 });
    expect(day.view(0, 0)).toMatchObject({ limit: 1_000, remaining: 997, refusals: 0, inFlight: 0 });
    expect(day.freeAt(0)).toBe(0);
  });

  it("is that of the one which its answer names, however much is left of it by our own count", () => {
    const second = perSecond(5);
    const day = perDay(10);
    for (let place = 0; place < 3; place++) accept(request(second, day));
    refuse(request(second, day), 60_000, [{ bucket: "day", scope: "account", remaining: 0 }]);
    expect(second.view(0, 0)).toMatchObject({ limit: 5, refusals: 0 });
    expect(day.view(0, 0)).toMatchObject({ refusals: 1, freeAtMs: 60_000 });
  });

  it("is not that of one which its answer says has some left", () => {
    const second = perSecond(5);
    const day = perDay(1_000);
    for (let place = 0; place < 4; place++) accept(request(second, day));
    refuse(request(second, day), 500, [{ limit: 5, remaining: 1, resetAtMs: 1_000 }]);
    expect(second.view(0, 0).refusals).toBe(0);
    expect(day.view(0, 0).refusals).toBe(1);
  });

  it("is not that of one whose window is shorter than the wait", () => {
    const second = perSecond(5);
    const day = perDay(1_000);
    for (let place = 0; place < 4; place++) accept(request(second, day));
    refuse(request(second, day), 3_600_000);
    expect(second.view(0, 0)).toMatchObject({ refusals: 0, limit: 5 });
    expect(day.view(0, 0)).toMatchObject({ limit: 1_000, refusals: 1, freeAtMs: 3_600_000 });
  });

  it("is that of a limit which nobody described rather than of one with most of it left", () => {
    const unknown = bucket("other", "session", []);
    const day = perDay(1_000);
    refuse(request(unknown, day), 500);
    expect(unknown.view(0, 0).refusals).toBe(1);
    expect(day.view(0, 0).refusals).toBe(0);
  });

  it("blames what two refused sessions share, once the first alone was blamed in vain", () => {
    const account = bucket("account", "account", []);
    const first = perSecond(4);
    const second = perSecond(4);
    for (const session of [first, second]) for (let place = 0; place < 2; place++) accept(request(session));
    refuse(request(first, account), 500);
    expect([first.view(0, 0).refusals, account.view(0, 0).refusals]).toEqual([1, 0]);
    refuse(request(second, account), 500);
    expect([second.view(0, 0).refusals, account.view(0, 0).refusals]).toEqual([0, 1]);
  });

  it("counts the refusals of one burst against the same limit", () => {
    const session = perSecond(4);
    const account = bucket("account", "account", [sendRule(1_000, 60_000)]);
    const burst = [request(session, account), request(session, account), request(session, account)];
    for (const grant of burst) refuse(grant, 500);
    expect([session.view(0, 0).refusals, account.view(0, 0).refusals]).toEqual([3, 0]);
  });
});

describe("several windows that one answer tells of one allowance", () => {
  it("are all kept: a day that is used up holds until it is over, however much is left of the second", () => {
    const own = perSecond(5);
    request(own).settle({
      ...{ kind: "answered", sentAtMs: 0, atMs: 0, isRefused: false },
      readings: [
        { bucket: "send", scope: "session", observedAtMs: 0, limit: 5, remaining: 4, resetAtMs: 1_000 },
        {
          ...{ bucket: "send", scope: "session", observedAtMs: 0 },
          ...{ limit: 100, remaining: 0, resetAtMs: 7_200_000, windowMs: 86_400_000 },
        },
      ],
    });
    expect(own.freeAt(0)).toBe(7_200_000);
    expect(own.freeAt(7_200_000)).toBe(7_200_000);
  });
});
