import { describe, expect, it } from "vitest";
import { sleep } from "../../src/clock.js";
import type { Attributes } from "../../src/telemetry.js";
import { noTelemetry } from "../../src/telemetry.js";
import { virtualClock } from "../../src/testing/virtual-clock.js";
import type { Pacing } from "../../src/transport/pacing.js";
import { createTransport } from "../../src/transport/transport.js";
import { clockWake } from "../../src/transport/wake.js";
import { fakeProvider, fakeSession, send, sendRule } from "./fake-provider.js";

/** A transport in virtual time whose every request is answered after 1 ms. */
function stage(limit: number, windowMs: number) {
  const clock = virtualClock();
  const told: Pacing[] = [];
  const gauges = new Map<string, () => Iterable<readonly [number, Attributes]>>();
  const transport = createTransport({
    clock,
    wake: clockWake(clock),
    onPacing: (pacing) => told.push(pacing),
    telemetry: {
      ...noTelemetry,
      gauge: (name, read) => {
        gauges.set(name, read);
        return () => void gauges.delete(name);
      },
    },
    adapter: async (config) => {
      await sleep(clock, 1);
      return { status: 200, statusText: "OK", headers: {}, data: Buffer.from('{"id":"m"}'), config };
    },
  });
  const provider = fakeProvider({ limits: [sendRule(limit, windowMs)] });
  const input = { to: "somebody", text: "text" };
  const sendOne = (session = fakeSession()): Promise<unknown> =>
    transport.execute({ provider, operation: send, input, session });
  const read = (name: string): readonly (readonly [number, Attributes])[] => [...(gauges.get(name)?.() ?? [])];
  return { clock, told, gauges, transport, provider, sendOne, read };
}

describe("pacing", () => {
  it("is told when a session's requests begin to wait for a limit, and when none waits any more", async () => {
    const { clock, told, sendOne } = stage(2, 1_000);
    const all = Promise.all([sendOne(), sendOne(), sendOne(), sendOne()]);
    let isDone = false;
    void all.then(() => {
      isDone = true;
    });
    await clock.runUntil(() => isDone);
    expect(told.map(({ state, bucket, sessionId }) => [state, bucket, sessionId])).toEqual([
      ["started", "send", "ses_a"],
      ["ended", "send", "ses_a"],
    ]);
    expect(told[0]?.freeAtMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(clock.now() - 1_100);
  });

  it("is not told of what did not have to wait", async () => {
    const { clock, told, sendOne } = stage(2, 1_000);
    let isDone = false;
    void sendOne().then(() => {
      isDone = true;
    });
    await clock.runUntil(() => isDone);
    expect(told).toEqual([]);
  });
});

describe("what is seen of the limits", () => {
  it("tells in how many milliseconds the next may leave, and what the limit looks like", async () => {
    const { clock, transport, provider, sendOne } = stage(1, 1_000);
    let isDone = false;
    void sendOne().then(() => {
      isDone = true;
    });
    await clock.runUntil(() => isDone);
    const [view] = transport.rateLimits(provider, fakeSession());
    expect(view).toMatchObject({ limit: 1, windowMs: 1_000, shape: "spacing", origin: "described", remaining: 0 });
    expect(view?.freeInMs).toBeGreaterThan(990);
    expect((view?.freeAtMs ?? 0) - clock.now()).toBe(view?.freeInMs);
  });

  it("tells what is described before the first request", () => {
    const { transport, provider } = stage(5, 1_000);
    expect(transport.rateLimits(provider, fakeSession())).toMatchObject([{ limit: 5, remaining: 5, freeInMs: 0 }]);
  });

  it("is there for metrics, all sessions of a bucket together, until the transport is closed", async () => {
    const { clock, transport, gauges, sendOne, read } = stage(1, 1_000);
    const all = [sendOne(), sendOne(), sendOne(fakeSession("ses_b")), sendOne(fakeSession("ses_b"))];
    await clock.advance(10);
    const about = { provider: "fake", bucket: "send", scope: "session", shape: "spacing", origin: "described" };
    expect(read("colloquy.transport.queued")).toEqual([[2, about]]);
    expect(read("colloquy.transport.limit")).toEqual([[1, about]]);
    expect(read("colloquy.transport.limit_window_ms")).toEqual([[1_000, about]]);
    await transport.close();
    await Promise.allSettled(all);
    expect(gauges.size).toBe(0);
  });
});

describe("an idle session", () => {
  it("is remembered: what it sent last still counts when it sends again", async () => {
    const { clock, sendOne } = stage(1, 1_000);
    const startMs = clock.now();
    const ends: number[] = [];
    for (let place = 0; place < 3; place++) {
      let isDone = false;
      void sendOne().then(() => {
        isDone = true;
      });
      await clock.runUntil(() => isDone);
      ends.push(clock.now() - startMs);
    }
    expect(ends[1]).toBeGreaterThanOrEqual(1_000);
    expect(ends[2]).toBeGreaterThanOrEqual(2_000);
    expect(ends[2]).toBeLessThan(2_100);
  });
});
