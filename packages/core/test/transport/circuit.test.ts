import { type AxiosAdapter, AxiosError } from "axios";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../../src/testing/virtual-clock.js";
import {
  type CircuitEvent,
  type CircuitRules,
  closedCircuit,
  nextCircuit,
  stayAwayMs,
} from "../../src/transport/circuit.js";
import { clockWake, createTransport } from "../../src/transport/index.js";
import { fakeProvider, fakeSession, open } from "./fake-provider.js";

const rules: CircuitRules = { failuresToOpen: 3, openBaseMs: 1_000, openCapMs: 8_000 };
const failed = (nowMs: number, more: Partial<Extract<CircuitEvent, { type: "failed" }>> = {}): CircuitEvent => ({
  type: "failed",
  cause: "unavailable",
  nowMs,
  chance: 1,
  ...more,
});
const after = (...events: readonly CircuitEvent[]) =>
  events.reduce((state, event) => nextCircuit(state, event, rules), closedCircuit);

describe("a circuit", () => {
  it("opens after so many failures in a row, and an answer in between begins the count anew", () => {
    expect(after(failed(0), failed(0))).toEqual({ kind: "closed", failures: 2 });
    expect(after(failed(0), failed(0), { type: "answered" }, failed(0), failed(0)).kind).toBe("closed");
    expect(after(failed(0), failed(0), failed(5, { cause: "unreachable" }))).toEqual({
      ...{ kind: "open", openings: 1, cause: "unreachable", untilMs: 1_005 },
    });
  });

  const opened = [failed(0), failed(0), failed(0)];

  it("lets one look after its time, and closes when that one is answered", () => {
    expect(stayAwayMs(after(...opened), 400, rules)).toBe(600);
    expect(after(...opened, { type: "departing", nowMs: 999 }).kind).toBe("open");
    const looking = after(...opened, { type: "departing", nowMs: 1_000 });
    expect(looking.kind).toBe("half_open");
    expect(stayAwayMs(looking, 1_000, rules)).toBeGreaterThan(0);
    expect(after(...opened, { type: "departing", nowMs: 1_000 }, { type: "answered" })).toEqual(closedCircuit);
  });

  it("stays open for twice as long each time the look fails, up to the cap", () => {
    let state = after(...opened);
    const waits: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const nowMs = (state as { readonly untilMs: number }).untilMs;
      state = nextCircuit(nextCircuit(state, { type: "departing", nowMs }, rules), failed(nowMs), rules);
      waits.push((state as { readonly untilMs: number }).untilMs - nowMs);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it("lets the next one look when the look ended without telling", () => {
    const state = after(...opened, { type: "departing", nowMs: 1_000 }, { type: "abandoned", nowMs: 1_200 });
    expect(stayAwayMs(state, 1_200, rules)).toBeUndefined();
  });

  it("is not prolonged by failures of what left before it opened", () => {
    expect(after(...opened, failed(900))).toEqual(after(...opened));
  });

  it("stays open as long as the provider asks, within the cap, and never less than half of its own time", () => {
    const askedFor = (retryAfterMs: number, chance = 0) =>
      stayAwayMs(after(failed(0), failed(0), failed(0, { retryAfterMs, chance })), 0, rules);
    expect(askedFor(3_000)).toBe(3_000);
    expect(askedFor(3_600_000)).toBe(8_000);
    expect(askedFor(0)).toBe(500);
  });

  it("never stays open for longer than its cap, whatever happens", () => {
    const event = fc.oneof(
      fc.constant<CircuitEvent>({ type: "answered" }),
      fc
        .record({ nowMs: fc.nat(20_000), chance: fc.double({ min: 0, max: 0.99, noNaN: true }) })
        .map(({ nowMs, chance }) => failed(nowMs, { chance, retryAfterMs: 99_999 })),
      fc.nat(20_000).map((nowMs): CircuitEvent => ({ type: "departing", nowMs })),
      fc.nat(20_000).map((nowMs): CircuitEvent => ({ type: "abandoned", nowMs })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const nowMs = Math.max(0, ...events.map((one) => ("nowMs" in one ? one.nowMs : 0)));
        expect(stayAwayMs(after(...events), nowMs, rules) ?? 0).toBeLessThanOrEqual(rules.openCapMs);
      }),
    );
  });
});

describe("a host that keeps failing", () => {
  const setUp = (answerOf: (place: number) => number | "refused") => {
    const clock = virtualClock();
    let carried = 0;
    const adapter: AxiosAdapter = async (config) => {
      const status = answerOf(++carried);
      if (status === "refused") throw new AxiosError("connect ECONNREFUSED", "ECONNREFUSED", config);
      return { status, statusText: "", headers: {}, data: Buffer.from("{}"), config };
    };
    const transport = createTransport({
      ...{ adapter, clock, wake: clockWake(clock), random: () => 0.999 },
      limits: { maxAttempts: 1, maxRefusals: 1, failuresToOpenCircuit: 3 },
    });
    const provider = fakeProvider();
    const call = (session = "a", signal?: AbortSignal) =>
      transport
        .execute({
          ...{ provider, operation: open, input: {}, session: fakeSession(session) },
          ...(signal ? { signal } : {}),
        })
        .then(
          () => "answered" as const,
          ({ code, outcome, retryAfterMs }) => ({ code, outcome, retryAfterMs }) as const,
        );
    return { clock, call, carried: () => carried };
  };

  it("is not asked for a while: calls of all sessions fail at once, with nothing attempted and the time to wait", async () => {
    const { clock, call, carried } = setUp((place) => (place <= 3 ? 503 : 200));
    for (let place = 0; place < 3; place++)
      expect(await call()).toMatchObject({ code: "PROVIDER_UNAVAILABLE", outcome: "unknown" });
    const spared = await call("b");
    expect(spared).toEqual({ code: "PROVIDER_UNAVAILABLE", outcome: "not_attempted", retryAfterMs: 1_000 });
    expect(carried()).toBe(3);
    await clock.advance(1_000);
    expect(await call("b")).toBe("answered");
    expect(await call("a")).toBe("answered");
    expect(carried()).toBe(5);
  });

  it("that cannot be reached gives NETWORK_UNREACHABLE, and one request at a time looks whether it is back", async () => {
    const { clock, call, carried } = setUp((place) => (place <= 4 ? "refused" : 200));
    for (let place = 0; place < 4; place++) expect(await call()).toMatchObject({ code: "NETWORK_UNREACHABLE" });
    expect(carried()).toBe(3);
    await clock.advance(1_000);
    const together = await Promise.all([call("a"), call("b"), call("c")]);
    expect(carried()).toBe(4);
    for (const one of together) expect(one).toMatchObject({ code: "NETWORK_UNREACHABLE", outcome: "not_attempted" });
    await clock.advance(2_000);
    expect(await call()).toBe("answered");
  });

  it("is still asked when it only refuses for the rate or for reasons of its own", async () => {
    const { clock, call, carried } = setUp((place) => (place % 2 === 0 ? 422 : 429));
    for (let place = 0; place < 10; place++) {
      const pending = call(`s${place}`);
      await clock.advance(120_000);
      expect(await pending).not.toMatchObject({ outcome: "not_attempted" });
    }
    expect(carried()).toBe(10);
  });
});
