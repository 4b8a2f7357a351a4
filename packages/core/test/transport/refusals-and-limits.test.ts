import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.js";
import { fakeSession, open, send, sendRule } from "./fake-provider.js";
import { json } from "./loopback.js";
import { failureOf, message, ok, setUp } from "./setting.js";

describe("a refusal for the rate", () => {
  it("is waited out once, also for a send, and then sent again", async () => {
    const arrivals: number[] = [];
    const { transport, provider } = await setUp((_request, response, place) => {
      arrivals.push(Date.now());
      return place === 1
        ? json(response, 429, { message: "slow down", retry_after: 0.12 })
        : json(response, 200, { id: "m" });
    });
    const paced: number[] = [];
    const result = await transport.execute({
      provider,
      operation: send,
      input: message,
      session: fakeSession(),
      onPaced: (untilMs) => paced.push(untilMs),
    });
    expect(result.attempts).toBe(2);
    const waitedMs = (arrivals[1] as number) - (arrivals[0] as number);
    expect(waitedMs).toBeGreaterThanOrEqual(119);
    // One wait, not the header's and a back-off on top.
    expect(waitedMs).toBeLessThan(400);
    expect(paced).toHaveLength(1);
  });

  it("holds an operation that names no bucket too", async () => {
    const arrivals: number[] = [];
    const { transport, provider } = await setUp((_request, response, place) => {
      arrivals.push(Date.now());
      return place === 1 ? json(response, 429, {}, { "retry-after": "0.1" }) : json(response, 200, {});
    });
    await transport.execute({ provider, operation: open, input: {} });
    expect((arrivals[1] as number) - (arrivals[0] as number)).toBeGreaterThanOrEqual(99);
  });

  it("ends as RATE_LIMITED with the wait when the deadline leaves no time for it", async () => {
    const { server, transport, provider } = await setUp((_request, response) =>
      json(response, 429, { message: "slow down", retry_after: 60 }),
    );
    const error = await failureOf(
      transport.execute({
        provider,
        operation: send,
        input: message,
        session: fakeSession(),
        deadlineAtMs: systemClock.now() + 2_000,
      }),
    );
    expect(error).toMatchObject({ code: "RATE_LIMITED", outcome: "rejected", retryAfterMs: 60_000, status: 429 });
    expect(error["rateLimits"]).toMatchObject([{ bucket: "send", retryAfterMs: 60_000 }]);
    expect(server.seen).toHaveLength(1);
    const next = transport.execute({
      provider,
      operation: send,
      input: message,
      session: fakeSession(),
      deadlineAtMs: systemClock.now() + 500,
    });
    expect(await failureOf(next)).toMatchObject({ code: "DEADLINE_EXCEEDED", outcome: "not_attempted" });
    expect(server.seen).toHaveLength(1);
  });

  it("that goes on ends after the refusals allowed", async () => {
    const { server, transport, provider } = await setUp(
      (_request, response) => json(response, 429, { retry_after: 0.001 }),
      { limits: { maxRefusals: 3 } },
    );
    const error = await failureOf(
      transport.execute({ provider, operation: send, input: message, session: fakeSession() }),
    );
    expect(error).toMatchObject({ code: "RATE_LIMITED", outcome: "rejected" });
    expect(server.seen).toHaveLength(3);
  });
});

describe("limits of the manifest", () => {
  it("pace the first burst, and hold for the session only while its setting says so", async () => {
    const { server, transport, provider } = await setUp(
      ok,
      {},
      { limits: [sendRule(1, 80, { when: { protected: true } })] },
    );
    const guarded = { ...fakeSession("ses_g"), settings: { protected: true } };
    const began = Date.now();
    await Promise.all(
      [1, 2, 3].map(() => transport.execute({ provider, operation: send, input: message, session: guarded })),
    );
    expect(Date.now() - began).toBeGreaterThanOrEqual(160);
    expect(server.seen).toHaveLength(3);
    expect(transport.rateLimits(provider, guarded)).toMatchObject([{ limit: 1, windowMs: 80, refusals: 0 }]);
    await transport.execute({ provider, operation: send, input: message, session: fakeSession("ses_free") });
    expect(transport.rateLimits(provider, { id: "ses_free", settings: {} })[0]).not.toHaveProperty("windowMs");
  });

  it("of the provider instance win over the manifest's", async () => {
    const { transport, provider } = await setUp(ok, {}, { limits: [sendRule(1, 3_600_000)] });
    const loosened = { ...provider, limits: [sendRule(100, 1_000)] };
    for (let place = 0; place < 3; place++)
      await transport.execute({ provider: loosened, operation: send, input: message, session: fakeSession() });
    expect(transport.rateLimits(loosened, fakeSession())).toMatchObject([{ limit: 100 }]);
  });
});
