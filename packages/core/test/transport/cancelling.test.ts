import { describe, expect, it } from "vitest";
import { virtualClock } from "../../src/testing/virtual-clock.js";
import { clockWake, createTransport } from "../../src/transport/index.js";
import { fakeProvider, fakeSession, send, sendRule, upsert } from "./fake-provider.js";
import { json } from "./loopback.js";
import { failureOf, message, ok, setUp } from "./setting.js";

describe("cancelling", () => {
  it("while queued ends in AbortError with nothing on the wire and no timer left", async () => {
    const clock = virtualClock(Date.now());
    const { server, transport, provider } = await setUp(
      ok,
      { clock, wake: clockWake(clock) },
      { limits: [sendRule(1, 60_000)] },
    );
    const call = { provider, operation: send, input: message, session: fakeSession() };
    await transport.execute(call);
    const cancel = new AbortController();
    const waiting = failureOf(transport.execute({ ...call, signal: cancel.signal }));
    await clock.advance(10);
    cancel.abort();
    expect(await waiting).toMatchObject({ name: "AbortError" });
    expect(server.seen).toHaveLength(1);
    expect(clock.armed).toBe(0);
    const already = transport.execute({ ...call, signal: AbortSignal.abort() });
    expect(await failureOf(already)).toMatchObject({ name: "AbortError" });
  });

  it("in flight leaves a send unknown, and ends a read with AbortError", async () => {
    const arrived: (() => void)[] = [];
    const { transport, provider } = await setUp(() => arrived.shift()?.());
    const cancelled = async (operation: typeof send): Promise<unknown> => {
      const cancel = new AbortController();
      const seen = new Promise<void>((resolve) => arrived.push(resolve));
      const call = failureOf(
        transport.execute({ provider, operation, input: message, session: fakeSession(), signal: cancel.signal }),
      );
      await seen;
      cancel.abort();
      return call;
    };
    expect(await cancelled(send)).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(await cancelled(upsert)).toMatchObject({ name: "AbortError" });
  });

  it("between the refusal and the next attempt ends in AbortError, as nothing is on the wire", async () => {
    const refusal = { message: "slow down", retry_after: 0 };
    const { server, transport, provider } = await setUp((_request, response) => json(response, 429, refusal));
    const cancel = new AbortController();
    let dispatches = 0;
    const call = transport.execute({
      provider,
      operation: send,
      input: message,
      session: fakeSession(),
      signal: cancel.signal,
      // After the permit of the second attempt: from there it goes to axios-retry, which pauses before it sends.
      onDispatch: async () => {
        if (++dispatches === 2) queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => cancel.abort())));
      },
    });
    expect(await failureOf(call)).toMatchObject({ name: "AbortError" });
    expect(server.seen).toHaveLength(1);
    expect(transport.rateLimits(provider, { id: "ses_a", settings: {} })).toMatchObject([{ inFlight: 0 }]);
  });

  it("at any moment before the network sends nothing and says so", async () => {
    for (let turns = 0; turns < 12; turns++) {
      const carried: unknown[] = [];
      const transport = createTransport({
        adapter: async (config) => {
          carried.push(config);
          return { status: 200, statusText: "OK", headers: {}, data: Buffer.from("{}"), config };
        },
      });
      const cancel = new AbortController();
      const call = transport
        .execute({ provider: fakeProvider(), operation: send, input: message, signal: cancel.signal })
        .catch((error: unknown) => error);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      cancel.abort();
      const wasCalledOff = ((await call) as { readonly name?: string }).name === "AbortError";
      expect([turns, wasCalledOff]).toEqual([turns, carried.length === 0]);
      await transport.close();
    }
  });

  it("by closing ends what waits with nothing attempted", async () => {
    const { server, transport, provider } = await setUp(ok, {}, { limits: [sendRule(1, 60_000)] });
    const call = { provider, operation: send, input: message, session: fakeSession() };
    await transport.execute(call);
    const waiting = failureOf(transport.execute(call));
    await transport.close();
    expect(await waiting).toMatchObject({
      code: "SHUT_DOWN",
      outcome: "not_attempted",
      operation: "messages.send",
    });
    expect(server.seen).toHaveLength(1);
  });
});

describe("a deadline", () => {
  it("in flight ends the attempt, and the fate of a send is unknown", async () => {
    const clock = virtualClock(Date.now());
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { server, transport, provider } = await setUp(() => arrive(), { clock, wake: clockWake(clock) });
    const failure = failureOf(
      transport.execute({ provider, operation: send, input: message, deadlineAtMs: clock.now() + 60 }),
    );
    await arrived;
    await clock.advance(60);
    expect(await failure).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(server.seen).toHaveLength(1);
  });
});
