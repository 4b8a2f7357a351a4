import type { ServerResponse } from "node:http";
import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.js";
import { isColloquyError } from "../../src/contract/index.js";
import type { LogFields } from "../../src/logger.js";
import type { Attributes, Telemetry } from "../../src/telemetry.js";
import { virtualClock } from "../../src/testing/virtual-clock.js";
import { clockWake, createTransport, type Transport, type TransportOptions } from "../../src/transport/index.js";
import {
  type FakeProviderOptions,
  fakeProvider,
  fakeSession,
  fakeSessionKey,
  fakeToken,
  look,
  open,
  type SendInput,
  send,
  sendRule,
  upsert,
} from "./fake-provider.js";
import { json, type Loopback, loopback } from "./loopback.js";

const message: SendInput = { to: "+15550100123", text: "canary text of the message" };
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  nock.cleanAll();
});

async function setUp(
  answer: Parameters<typeof loopback>[0],
  options: TransportOptions = {},
  providerOptions: FakeProviderOptions = {},
): Promise<{
  readonly server: Loopback;
  readonly transport: Transport;
  readonly provider: ReturnType<typeof fakeProvider>;
}> {
  const server = await loopback(answer);
  const transport = createTransport({ ...options, limits: { backoffBaseMs: 1, ...options.limits } });
  closers.push(server.close, transport.close);
  return { server, transport, provider: fakeProvider({ baseUrl: server.baseUrl, ...providerOptions }) };
}

const ok = (_request: unknown, response: ServerResponse): void => json(response, 200, { id: "m1" });

async function failureOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error as Record<string, unknown>,
  );
}

describe("a call", () => {
  it("carries JSON, the token and what the answer told", async () => {
    const { server, transport, provider } = await setUp((_request, response) =>
      json(
        response,
        200,
        { id: "m1" },
        { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "4", "x-ratelimit-reset": "10" },
      ),
    );
    const result = await transport.execute({ provider, operation: send, input: message, session: fakeSession() });
    expect(result).toMatchObject({
      value: { id: "m1" },
      attempts: 1,
      status: 200,
      rateLimits: [{ limit: 5, remaining: 4 }],
    });
    expect(server.seen[0]).toMatchObject({
      method: "POST",
      url: "/send",
      body: JSON.stringify(message),
      headers: { authorization: `Bearer ${fakeToken}`, "content-type": "application/json" },
    });
    expect(transport.rateLimits(provider, { id: "ses_a", settings: {} })).toMatchObject([
      { bucket: "send", sessionId: "ses_a", remaining: 4, inFlight: 0 },
    ]);
    transport.forget(provider, "ses_a");
    expect(transport.rateLimits(provider, { id: "ses_a", settings: {} })).toEqual([]);
  });

  it("without a credential carries none", async () => {
    const { server, transport, provider } = await setUp(ok);
    await transport.execute({ provider, operation: open, input: {} });
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  it("asks for its token anew for each attempt", async () => {
    const tokens = ["pat-one-aaaaaaaa", "pat-two-bbbbbbbb"];
    const contexts: unknown[] = [];
    const { server, transport, provider } = await setUp(
      (_request, response, place) => (place === 1 ? json(response, 500, {}) : ok(_request, response)),
      {},
      {
        credentials: {
          personal_access_token: async (context) => {
            contexts.push(context);
            return tokens.shift() as string;
          },
        },
      },
    );
    await transport.execute({ provider, operation: upsert, input: message, session: fakeSession() });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer pat-one-aaaaaaaa",
      "Bearer pat-two-bbbbbbbb",
    ]);
    expect(contexts).toEqual([
      { providerId: "fake", sessionId: "ses_a" },
      { providerId: "fake", sessionId: "ses_a" },
    ]);
  });

  it("tells its dispatch before each attempt, and sends nothing when that fails", async () => {
    const order: string[] = [];
    const { server, transport, provider } = await setUp((_request, response, place) => {
      order.push(`seen ${place}`);
      return place === 1 ? json(response, 500, {}) : json(response, 200, { id: "m" });
    });
    const call = { provider, operation: upsert, input: message, session: fakeSession() };
    await transport.execute({ ...call, onDispatch: async () => void order.push("dispatch") });
    expect(order).toEqual(["dispatch", "seen 1", "dispatch", "seen 2"]);

    const trouble = new Error("the store is gone");
    expect(await failureOf(transport.execute({ ...call, onDispatch: () => Promise.reject(trouble) }))).toBe(trouble);
    expect(server.seen).toHaveLength(2);
    expect(transport.rateLimits(provider, fakeSession())).toMatchObject([{ inFlight: 0 }]);
  });

  it("is sent as often as there are permits, never more than four at once for one session", async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    // Answers four together: with fewer at once it would wait for ever, and more would show.
    const { transport, provider } = await setUp((_request, response) => {
      most = Math.max(most, held.push(response));
      if (held.length === 4) for (const one of held.splice(0)) json(one, 200, { id: "x" });
    });
    const session = fakeSession();
    await Promise.all(
      Array.from({ length: 16 }, () => transport.execute({ provider, operation: open, input: {}, session })),
    );
    expect(most).toBe(4);
  });
});

describe("credentials", () => {
  const cases: [string, FakeProviderOptions["credentials"], Record<string, unknown>][] = [
    ["missing", {}, { code: "CREDENTIAL_MISSING", message: expect.stringContaining("FAKE_TOKEN") }],
    ["empty", { personal_access_token: "" }, { code: "CREDENTIAL_MISSING" }],
    ["of the wrong kind", { personal_access_token: "key-instead-of-token" }, { code: "CREDENTIAL_WRONG_KIND" }],
    ["with a line break", { personal_access_token: "pat-a\r\nX-Evil: 1" }, { code: "CONFIG_INVALID" }],
    ["with a character that no header can hold", { personal_access_token: "pat-ä" }, { code: "CONFIG_INVALID" }],
    [
      "whose resolver fails",
      { personal_access_token: () => Promise.reject(new Error("vault pat-canary-in-vault")) },
      { code: "CREDENTIAL_MISSING", retryable: true },
    ],
    ["whose resolver gives none", { personal_access_token: () => "" }, { code: "CREDENTIAL_MISSING" }],
  ];
  it.each(cases)("%s are refused before anything leaves", async (_name, credentials, expected) => {
    const { server, transport, provider } = await setUp(ok, {}, { credentials: credentials ?? {} });
    const error = await failureOf(transport.execute({ provider, operation: send, input: message }));
    expect(error).toMatchObject({
      outcome: "not_attempted",
      providerId: "fake",
      operation: "messages.send",
      ...expected,
    });
    expect(String(error["message"])).not.toMatch(/pat-|key-/);
    expect(server.seen).toHaveLength(0);
  });

  it("of a session that are missing say so", async () => {
    const { transport, provider } = await setUp(ok);
    const call = transport.execute({
      provider,
      operation: look,
      input: { id: "1" },
      session: fakeSession("ses_a", {}),
    });
    expect(await failureOf(call)).toMatchObject({ code: "CREDENTIAL_MISSING", sessionId: "ses_a" });
    expect(await failureOf(transport.execute({ provider, operation: look, input: { id: "1" } }))).toMatchObject({
      code: "CREDENTIAL_MISSING",
    });
  });
});

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

describe("a host that is not ours", () => {
  it("whose name is not found was not reached, and is tried again", async () => {
    const transport = createTransport({ limits: { backoffBaseMs: 1, maxAttempts: 3 } });
    closers.push(transport.close);
    const unknownHost = nock("https://provider.test")
      .post("/send")
      .times(3)
      .replyWithError(Object.assign(new Error("getaddrinfo ENOTFOUND provider.test"), { code: "ENOTFOUND" }));
    const provider = fakeProvider({ baseUrl: "https://provider.test" });
    const error = await failureOf(transport.execute({ provider, operation: send, input: message }));
    expect(error).toMatchObject({ code: "NETWORK_UNREACHABLE", outcome: "not_attempted", retryable: true });
    expect(unknownHost.isDone()).toBe(true);
  });

  it("with a certificate that is not trusted gets nothing, and is not tried again", async () => {
    const transport = createTransport();
    closers.push(transport.close);
    nock("https://provider.test")
      .post("/send")
      .replyWithError(Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }));
    const provider = fakeProvider({ baseUrl: "https://provider.test" });
    const error = await failureOf(transport.execute({ provider, operation: send, input: message }));
    expect(error).toMatchObject({ code: "NETWORK_UNREACHABLE", outcome: "not_attempted", retryable: false });
  });
});

describe("canaries", () => {
  it("of token, key, text and number are in no error, log line or span, whatever the provider echoes", async () => {
    const told: string[] = [];
    const note = (value: unknown): void => void told.push(JSON.stringify(value) ?? "");
    const telemetry: Telemetry = {
      span: (name, attributes) => {
        note([name, attributes]);
        return { set: (more: Attributes) => note(more), end: (error) => note(flat(error)) };
      },
      count: (name, attributes) => note([name, attributes]),
      record: (name, value, attributes) => note([name, value, attributes]),
    };
    const logger = { log: (level: string, event: string, fields: LogFields) => note([level, event, fields]) };
    const echo = { ...message, token: fakeToken, key: fakeSessionKey };
    const answers: Parameters<typeof loopback>[0][] = [
      (request, response) =>
        json(response, 422, { error: `bad: ${request.body} ${request.headers.authorization}`, ...echo }),
      (request, response) =>
        void response.writeHead(502).end(`<p>${request.body} ${request.headers.authorization}</p>`),
      (request, response) => json(response, 200, { echo: request.body, auth: request.headers.authorization }),
      (_request, response) => void response.socket?.destroy(),
      (request, response) => json(response, 429, { message: request.body, retry_after: 99 }),
    ];
    for (const answer of answers) {
      const { transport, provider } = await setUp(
        answer,
        { telemetry, logger },
        {
          readFailure: ({ status, text }) =>
            status === 422
              ? { code: "INPUT_INVALID", providerCode: text, providerMessage: text, fieldErrors: { to: [text] } }
              : undefined,
        },
      );
      const error = await failureOf(
        transport.execute({
          provider,
          operation: send,
          input: message,
          session: fakeSession(),
          deadlineAtMs: Date.now() + 5_000,
        }),
      );
      expect(isColloquyError(error)).toBe(true);
      note(flat(error));
    }
    expect(told.length).toBeGreaterThan(20);
    for (const canary of [fakeToken, fakeSessionKey, "canary text", "5550100123"])
      for (const line of told) expect(line).not.toContain(canary);
    expect(told.join("\n")).toContain("messages.send");
    expect(told.join("\n")).toContain("unknown");
  });
});

/** Everything that can be reached from an error, hidden properties and causes too. */
function flat(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > 6) return value;
  return Object.getOwnPropertyNames(value).map((name) => [
    name,
    flat((value as Record<string, unknown>)[name], depth + 1),
  ]);
}
