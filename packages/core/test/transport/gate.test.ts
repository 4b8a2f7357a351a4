import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Priority } from "../../src/contract/index.js";
import { type VirtualClock, virtualClock } from "../../src/testing/virtual-clock.js";
import { Bucket } from "../../src/transport/bucket.js";
import { Concurrency } from "../../src/transport/concurrency.js";
import { Gate } from "../../src/transport/gate.js";
import type { Grant } from "../../src/transport/grant.js";
import type { PermitRequest } from "../../src/transport/permit-request.js";
import type { Resource } from "../../src/transport/resource.js";
import { RoundTrip } from "../../src/transport/round-trip.js";
import { clockWake } from "../../src/transport/wake.js";
import { drain } from "./drain.js";
import { sendRule } from "./fake-provider.js";
import { slidingWindow, tokenBucket } from "./simulated-server.js";

interface Bench {
  readonly clock: VirtualClock;
  readonly gate: Gate;
  /** Asks for a permit; the name is noted when it is granted. */
  ask(name: string, resources: readonly Resource[], more?: Partial<PermitRequest>): Promise<Grant | Error>;
  readonly granted: { readonly name: string; readonly atMs: number; readonly grant: Grant }[];
}

function bench(): Bench {
  const clock = virtualClock(0);
  const gate = new Gate(clock, clockWake(clock));
  const granted: Bench["granted"] = [];
  return {
    clock,
    gate,
    granted,
    ask: async (name, resources, more = {}) => {
      try {
        const grant = await gate.acquire({ lineKey: name, resources, ...more });
        granted.push({ name, atMs: clock.now(), grant });
        return grant;
      } catch (error) {
        return error as Error;
      }
    },
  };
}

function bucket(limit: number, windowMs: number): Bucket {
  return new Bucket({ name: "send", scope: "session" }, new RoundTrip(), [sendRule(limit, windowMs)]);
}

const accepted = (atMs: number) =>
  ({ kind: "answered", sentAtMs: atMs, atMs, isRefused: false, readings: [] }) as const;
const refused = (atMs: number, retryAfterMs: number) =>
  ({ kind: "answered", sentAtMs: atMs, atMs, isRefused: true, readings: [], retryAfterMs }) as const;

describe("the gate", () => {
  it("grants at once, without a timer, while nothing is in the way", () => {
    const { clock, gate } = bench();
    const grant = gate.acquire({ lineKey: "a", resources: [new Concurrency(1, new RoundTrip()), bucket(5, 1_000)] });
    expect(grant).not.toBeInstanceOf(Promise);
    expect(clock.armed).toBe(0);
  });

  it("takes permits of all resources together or of none", async () => {
    const { clock, ask, granted } = bench();
    const wide = bucket(10, 1_000);
    const narrow = bucket(1, 1_000);
    void ask("a", [wide, narrow]);
    void ask("a", [wide, narrow]);
    await clock.advance(10);
    expect(granted).toHaveLength(1);
    expect(wide.view(clock.now(), 0).remaining).toBe(9);
  });

  it("holds one timer however many wait, and none when the last has left", async () => {
    const { clock, ask } = bench();
    const narrow = bucket(1, 60_000);
    const leaving = new AbortController();
    (await ask("first", [narrow])) as Grant;
    const waiting = Array.from({ length: 50 }, (_none, place) =>
      ask(`s${place}`, [narrow], { signal: leaving.signal }),
    );
    await clock.advance(1);
    expect(clock.armed).toBeLessThanOrEqual(1);
    leaving.abort();
    for (const one of await Promise.all(waiting)) expect(one).toMatchObject({ name: "AbortError" });
    expect(clock.armed).toBe(0);
  });

  it("gives sessions turns, whoever came first with how many", async () => {
    const { clock, ask, granted } = bench();
    const shared = new Concurrency(1, new RoundTrip());
    void ask("busy", [shared]);
    await clock.advance(0);
    for (let place = 0; place < 6; place++) void ask("busy", [shared]);
    for (const name of ["b", "c"]) for (let place = 0; place < 2; place++) void ask(name, [shared]);
    await clock.advance(0);
    for (let place = 0; place < 10; place++) {
      granted.at(-1)?.grant.settle({ kind: "unsent" });
      await clock.advance(0);
    }
    expect(granted.map(({ name }) => name).slice(1)).toEqual([
      "busy",
      "b",
      "c",
      "busy",
      "b",
      "c",
      "busy",
      "busy",
      "busy",
      "busy",
    ]);
  });

  it("serves urgent before normal before bulk, in order of arrival within a session", async () => {
    const { clock, ask, granted } = bench();
    const shared = new Concurrency(1, new RoundTrip());
    void ask("held", [shared]);
    await clock.advance(0);
    const line = (name: string, priority: Priority) => ask(name, [shared], { lineKey: "one session", priority });
    for (const [name, priority] of [
      ["b1", "bulk"],
      ["n1", "normal"],
      ["u1", "urgent"],
      ["n2", "normal"],
      ["u2", "urgent"],
    ] as const)
      void line(name, priority);
    await clock.advance(0);
    for (let place = 0; place < 5; place++) {
      granted.at(-1)?.grant.settle({ kind: "unsent" });
      await clock.advance(0);
    }
    expect(granted.map(({ name }) => name).slice(1)).toEqual(["u1", "u2", "n1", "n2", "b1"]);
  });

  it("lets bulk through now and then, however much is urgent", async () => {
    const { clock, ask, granted } = bench();
    const shared = new Concurrency(1, new RoundTrip());
    void ask("held", [shared]);
    await clock.advance(0);
    void ask("bulk", [shared], { priority: "bulk" });
    for (let place = 0; place < 100; place++) void ask("urgent", [shared], { priority: "urgent" });
    await clock.advance(0);
    for (let place = 0; place < 60; place++) {
      granted.at(-1)?.grant.settle({ kind: "unsent" });
      await clock.advance(0);
    }
    expect(granted.some(({ name }) => name === "bulk")).toBe(true);
  });

  it("does not let one session's own limit hold up the others", async () => {
    const { clock, ask, granted } = bench();
    const account = bucket(100, 1_000);
    const slow = bucket(1, 60_000);
    void ask("slow", [account, slow]);
    for (let place = 0; place < 5; place++) void ask("slow", [account, slow]);
    for (let place = 0; place < 5; place++) void ask(`quick${place}`, [account, bucket(1, 60_000)]);
    await clock.advance(1);
    expect(granted).toHaveLength(6);
  });

  it("refuses at once what cannot be granted before its deadline, and at its deadline what was not", async () => {
    const { clock, ask } = bench();
    const narrow = bucket(1, 1_000);
    const first = (await ask("a", [narrow])) as Grant;
    first.settle(accepted(0));
    const hopeless = await ask("a", [narrow], { deadlineAtMs: 500 });
    expect(hopeless).toMatchObject({ code: "DEADLINE_EXCEEDED", outcome: "not_attempted" });
    const passed = await ask("a", [narrow], { deadlineAtMs: 0 });
    expect(passed).toMatchObject({ code: "DEADLINE_EXCEEDED" });

    const second = ask("a", [narrow]);
    const late = ask("a", [narrow], { deadlineAtMs: 1_500 });
    await clock.advance(1_499);
    expect(clock.armed).toBe(1);
    await second;
    await clock.advance(1);
    expect(await late).toMatchObject({ code: "DEADLINE_EXCEEDED", outcome: "not_attempted" });
  });

  it("puts a refused request back in front of its session's queue, and holds all others for as long", async () => {
    const { clock, ask, granted } = bench();
    const narrow = bucket(1, 100);
    const grant = (await ask("first", [narrow], { lineKey: "s" })) as Grant;
    void ask("second", [narrow], { lineKey: "s" });
    void ask("other session", [narrow]);
    grant.settle(refused(clock.now(), 5_000));
    void ask("first again", [narrow], { lineKey: "s", isReturning: true });
    await clock.advance(4_999);
    expect(granted).toHaveLength(1);
    await clock.advance(1);
    expect(granted.map(({ name, atMs }) => [name, atMs]).slice(1)).toEqual([["first again", 5_000]]);
  });

  it("keeps the later of two instants before which it must not come back", async () => {
    const { clock, ask } = bench();
    const wide = bucket(5, 100);
    const [one, two] = (await Promise.all([ask("a", [wide]), ask("a", [wide])])) as [Grant, Grant];
    one.settle(refused(0, 9_000));
    two.settle(refused(0, 2_000));
    expect(wide.view(clock.now(), 0).freeAtMs).toBe(9_000);
  });

  it("gives an unsent request's permit back, and keeps that of a lost one", async () => {
    const { clock, ask } = bench();
    const narrow = bucket(1, 1_000);
    ((await ask("a", [narrow])) as Grant).settle({ kind: "unsent" });
    expect(narrow.freeAt(clock.now())).toBe(0);
    ((await ask("a", [narrow])) as Grant).settle({ kind: "lost", atMs: 40 });
    expect(narrow.freeAt(40)).toBe(1_041);
  });

  it("counts from when the provider saw a request: the answer's time less what the quickest round trip makes sure", async () => {
    const roundTrip = new RoundTrip();
    for (let answers = 0; answers < 16; answers++) roundTrip.observe(80);
    const narrow = new Bucket({ name: "send", scope: "session" }, roundTrip, [sendRule(1, 1_000)]);
    narrow.take(0).settle({ ...accepted(0), atMs: 100 });
    expect(narrow.freeAt(100)).toBe(1_036);
  });

  it("ends what waits when it is closed or a session is dropped, with nothing attempted", async () => {
    const { clock, gate, ask } = bench();
    const narrow = bucket(1, 60_000);
    await ask("x", [narrow]);
    const dropped = ask("a/1", [narrow]);
    const closed = ask("b/1", [narrow]);
    gate.dropLines("a/");
    expect(await dropped).toMatchObject({ outcome: "not_attempted" });
    gate.close();
    expect(await closed).toMatchObject({ outcome: "not_attempted" });
    expect(await ask("c", [narrow])).toMatchObject({ outcome: "not_attempted" });
    expect(clock.armed).toBe(0);
  });
});

describe("whatever the limit, the line and the order of answers, the gate", () => {
  it("never lets more through than a known limit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: fc.integer({ min: 1, max: 12 }),
          windowMs: fc.integer({ min: 20, max: 3_000 }),
          sendCount: fc.integer({ min: 1, max: 40 }),
          backMs: fc.integer({ min: 0, max: 60 }),
          concurrent: fc.integer({ min: 1, max: 8 }),
          isSliding: fc.boolean(),
          telling: fc.constantFrom("nothing" as const, "fractional" as const, "whole_seconds" as const),
          seed: fc.integer(),
        }),
        async ({ limit, windowMs, sendCount, backMs, concurrent, isSliding, telling, seed }) => {
          const { refusals, sent } = await drain({
            shape: isSliding ? slidingWindow(limit, windowMs) : tokenBucket(limit, (limit * 1_000) / windowMs),
            sendCount,
            known: [sendRule(limit, windowMs)],
            telling,
            // The way there is even, the way back is not: then the quickest round trip bounds the truth.
            latencyMs: [0.5, 0.5],
            backMs: [0.5, 0.5 + backMs],
            concurrent,
            seed,
          });
          expect(refusals).toBe(0);
          expect(sent).toBe(sendCount);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("starves nobody: each session gets its turn within one round of the others", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 2, maxLength: 6 }),
        fc.boolean(),
        async (demands, hasOwnLimits) => {
          const { clock, ask, granted } = bench();
          const account = bucket(1, 10);
          demands.forEach((demand, session) => {
            const own = hasOwnLimits ? [bucket(2, 25)] : [];
            for (let place = 0; place < demand; place++)
              void ask(`s${session}`, [account, ...own]).then((grant) =>
                (grant as Grant).settle(accepted(clock.now())),
              );
          });
          const total = demands.reduce((sum, demand) => sum + demand, 0);
          await clock.runUntil(() => granted.length === total);
          expect(granted).toHaveLength(total);
          const firsts = demands.map((_demand, session) => granted.findIndex(({ name }) => name === `s${session}`));
          expect(Math.max(...firsts)).toBeLessThanOrEqual(demands.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("sends nothing that was cancelled while it waited, and loses nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        fc.nat({ max: 300 }),
        async (cancels, afterMs) => {
          const { clock, ask, granted } = bench();
          const narrow = bucket(1, 50);
          const outcomes = cancels.map((isCancelled, place) => {
            const controller = new AbortController();
            if (isCancelled) clock.setTimer(afterMs, () => controller.abort());
            return ask(`${place}`, [narrow], { lineKey: `s${place % 3}`, signal: controller.signal }).then((result) => {
              if (!(result instanceof Error)) result.settle(accepted(clock.now()));
              return result instanceof Error;
            });
          });
          await clock.runUntil(() => false);
          const wasCancelled = await Promise.all(outcomes);
          expect(granted).toHaveLength(wasCancelled.filter((was) => !was).length);
          cancels.forEach((isCancelled, place) => {
            if (!isCancelled) expect(wasCancelled[place]).toBe(false);
          });
          expect(clock.armed).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("cancels tens of thousands of waiting requests one by one, each in no time", async () => {
    const { gate, clock, ask } = bench();
    const narrow = bucket(1, 3_600_000);
    await ask("x", [narrow]);
    const controllers = Array.from({ length: 30_000 }, () => new AbortController());
    const all = controllers.map(({ signal }) =>
      Promise.resolve(gate.acquire({ lineKey: "s", resources: [narrow], signal })).catch((reason: unknown) => reason),
    );
    const reason = new Error("cancelled");
    const began = performance.now();
    // From the back: leaving must cost the same from anywhere.
    for (const controller of controllers.toReversed()) controller.abort(reason);
    const tookMs = performance.now() - began;
    expect(new Set(await Promise.all(all))).toEqual(new Set([reason]));
    expect(clock.armed).toBe(0);
    // Quadratic work would take minutes.
    expect(tookMs).toBeLessThan(5_000);
  });
});
