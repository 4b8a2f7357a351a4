import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type AnyProvider, type Operation, seededRandom } from "../../src/index.js";
import { virtualClock } from "../../src/testing/virtual-clock.js";
import { clockWake, createTransport, type Transport, type TransportOptions } from "../../src/transport/index.js";
import { fakeProvider, fakeSession, fakeToken, type SendInput, send } from "./fake-provider.js";
import { json, type Loopback, loopback } from "./loopback.js";

const message: SendInput = { to: "+15550100123", text: "Hello" };
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setUp(
  answer: Parameters<typeof loopback>[0],
  options: TransportOptions = {},
): Promise<{ readonly server: Loopback; readonly transport: Transport; readonly provider: AnyProvider }> {
  const server = await loopback(answer);
  const transport = createTransport(options);
  closers.push(server.close, transport.close);
  return { server, transport, provider: fakeProvider({ baseUrl: server.baseUrl }) };
}

const ok = (_request: unknown, response: ServerResponse): void => json(response, 200, { id: "m1" });

/** The same operation with something else about it. */
const sendWith = (changed: Partial<typeof send>): Operation<SendInput, { readonly id: string }> => ({
  ...send,
  ...changed,
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe("the id of a call", () => {
  const named = sendWith({
    repeatable: "always",
    encode: ({ text }, { requestId = "" }) => ({
      headers: { "X-Request-ID": requestId },
      body: { kind: "json", value: { text } },
    }),
  });
  const ids = (server: Loopback): unknown[] => server.seen.map(({ headers }) => headers["x-request-id"]);

  it("is another one for each call and the same for all attempts of one", async () => {
    const { server, transport, provider } = await setUp(
      (_request, response, place) => (place === 2 ? json(response, 503, {}) : json(response, 200, { id: "m1" })),
      { limits: { backoffBaseMs: 1 } },
    );
    for (let count = 0; count < 3; count++) await transport.execute({ provider, operation: named, input: message });
    const [first, second, again, third] = ids(server);
    expect(again).toBe(second);
    expect(new Set([first, second, third]).size).toBe(3);
    for (const id of ids(server))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("follows from the injected random, so that a test can be repeated", async () => {
    const run = async (): Promise<unknown[]> => {
      const { server, transport, provider } = await setUp(ok, { random: seededRandom(7) });
      await transport.execute({ provider, operation: named, input: message });
      return ids(server);
    };
    expect(await run()).toEqual(await run());
  });
});

describe("an operation's own time for an attempt", () => {
  it("is longer or shorter than the transport's", async () => {
    const clock = virtualClock();
    const waiting: ServerResponse[] = [];
    const { server, transport, provider } = await setUp((_request, response) => void waiting.push(response), {
      clock,
      wake: clockWake(clock),
      limits: { attemptTimeoutMs: 1_000 },
    });
    const run = (operation: typeof send) =>
      transport.execute({ provider, operation, input: message }).then(
        () => "answered",
        (error: unknown) => (error as { readonly code: string }).code,
      );
    const quick = run(sendWith({ buckets: [], attemptTimeoutMs: 500 }));
    const usual = run(sendWith({ buckets: [] }));
    const slow = run(sendWith({ buckets: [], attemptTimeoutMs: 60_000 }));
    await until(() => server.seen.length === 3);
    await clock.advance(500);
    expect(await quick).toBe("OUTCOME_UNKNOWN");
    await clock.advance(500);
    expect(await usual).toBe("OUTCOME_UNKNOWN");
    await clock.advance(50_000);
    for (const response of waiting) json(response, 200, { id: "m1" });
    expect(await slow).toBe("answered");
  });
});

describe("an operation that goes one by one", () => {
  const single = sendWith({ maxConcurrentPerSession: 1, buckets: [] });

  it("keeps its order within a session, and holds up neither another session nor another operation", async () => {
    const waiting: ServerResponse[] = [];
    const { server, transport, provider } = await setUp((_request, response) => void waiting.push(response));
    const run = (text: string, session: string, operation = single) =>
      transport.execute({ provider, operation, input: { to: "x", text }, session: fakeSession(session) });
    const all = [
      run("a1", "ses_a"),
      run("a2", "ses_a"),
      run("a3", "ses_a"),
      run("b1", "ses_b"),
      run("a4", "ses_a", send),
    ];
    const texts = (): string[] => server.seen.map(({ body }) => (JSON.parse(body) as SendInput).text);
    await until(() => server.seen.length === 3);
    expect(texts().toSorted()).toEqual(["a1", "a4", "b1"]);
    for (const next of ["a2", "a3"]) {
      for (const response of waiting.splice(0)) json(response, 200, { id: "m1" });
      await until(() => waiting.length === 1);
      expect(texts().at(-1)).toBe(next);
    }
    for (const response of waiting.splice(0)) json(response, 200, { id: "m1" });
    await Promise.all(all);
  });

  it("does not hold up calls on the whole account, and ends with the session that is forgotten", async () => {
    const waiting: ServerResponse[] = [];
    const { server, transport, provider } = await setUp((_request, response) => void waiting.push(response));
    const run = (more: object) => transport.execute({ provider, operation: single, input: message, ...more });
    const account = [run({}), run({})];
    const first = run({ session: fakeSession() });
    const second = run({ session: fakeSession() }).catch((error: unknown) => error);
    await until(() => server.seen.length === 3);
    transport.forget(provider, "ses_a");
    expect(await second).toMatchObject({ code: "SHUT_DOWN", outcome: "not_attempted" });
    for (const response of waiting.splice(0)) json(response, 200, { id: "m1" });
    await Promise.all([...account, first]);
  });
});

describe("a credential that is not required", () => {
  const optional = (provider: AnyProvider, credentials: AnyProvider["credentials"]): AnyProvider => ({
    ...provider,
    credentials,
    manifest: {
      ...provider.manifest,
      credentials: provider.manifest.credentials.map((each) => ({ ...each, required: false })),
    },
  });

  it.each([
    ["nothing", {}, undefined],
    ["a resolver that has none", { personal_access_token: () => "" }, undefined],
    ["a token", { personal_access_token: fakeToken }, `Bearer ${fakeToken}`],
  ])("is carried where it was given: %s", async (_what, credentials, header) => {
    const { server, transport, provider } = await setUp(ok);
    await transport.execute({ provider: optional(provider, credentials), operation: send, input: message });
    expect(server.seen[0]?.headers["authorization"]).toBe(header);
  });
});

describe("a refusal for the rate that comes as a 5xx", () => {
  it("is waited out and does not count as a failing host", async () => {
    const clock = virtualClock();
    const { server, transport, provider } = await setUp(
      (_request, response, place) => json(response, place < 4 ? 500 : 200, { id: "m1" }),
      { clock, wake: clockWake(clock), limits: { failuresToOpenCircuit: 2 } },
    );
    const limited: AnyProvider = {
      ...provider,
      readFailure: ({ status }) => (status === 500 ? { code: "RATE_LIMITED", outcome: "rejected" } : undefined),
    };
    const call = { isOver: false };
    const sending = transport.execute({ provider: limited, operation: send, input: message, session: fakeSession() });
    void sending.finally(() => {
      call.isOver = true;
    });
    for (let turn = 0; turn < 2_000 && !call.isOver; turn++) await clock.advance(100);
    expect((await sending).value).toEqual({ id: "m1" });
    expect(server.seen).toHaveLength(4);
  });
});
