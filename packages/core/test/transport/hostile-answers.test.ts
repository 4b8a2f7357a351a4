import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ColloquyError } from "../../src/contract/index.js";
import { createTransport, type TransportLimits } from "../../src/transport/index.js";
import {
  type FakeProviderOptions,
  fakeProvider,
  fakeSession,
  look,
  type SendInput,
  send,
  upsert,
} from "./fake-provider.js";
import { json, loopback } from "./loopback.js";

const message: SendInput = { to: "+15550100123", text: "canary text of the message" };
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function failing(
  answer: Parameters<typeof loopback>[0],
  options: {
    readonly operation?: typeof send;
    readonly limits?: TransportLimits;
    readonly provider?: FakeProviderOptions;
  } = {},
): Promise<{ readonly error: ColloquyError; readonly seenCount: number }> {
  const server = await loopback(answer);
  const transport = createTransport({ limits: { backoffBaseMs: 1, ...options.limits } });
  closers.push(server.close, transport.close);
  const provider = fakeProvider({ baseUrl: server.baseUrl, ...options.provider });
  const error = await transport
    .execute({ provider, operation: options.operation ?? send, input: message, session: fakeSession() })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(ColloquyError);
  return { error: error as ColloquyError, seenCount: server.seen.length };
}

describe("a hostile answer", () => {
  it("of HTML with status 502 keeps its words and leaves the fate of a send open", async () => {
    const { error, seenCount } = await failing((_request, response) =>
      response
        .writeHead(502, { "content-type": "text/html", "x-request-id": "req-1" })
        .end("<html><title>Bad gateway</title></html>"),
    );
    expect(error).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      outcome: "unknown",
      status: 502,
      requestId: "req-1",
      providerMessage: "Bad gateway",
      operation: "messages.send",
      providerId: "fake",
      sessionId: "ses_a",
    });
    expect(seenCount).toBe(1);
  });

  it("of HTML with status 200 is RESPONSE_MALFORMED, unknown for a send and rejected for what may be repeated", async () => {
    const html = (_request: unknown, response: Parameters<Parameters<typeof loopback>[0]>[1]): void => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>");
    };
    expect((await failing(html)).error).toMatchObject({
      code: "RESPONSE_MALFORMED",
      outcome: "unknown",
      providerMessage: "Welcome",
    });
    expect((await failing(html, { operation: upsert })).error).toMatchObject({
      code: "RESPONSE_MALFORMED",
      outcome: "rejected",
    });
  });

  it.each([
    ["JSON null", "null"],
    ["an empty body", ""],
    ["truncated JSON", '{"id":"1'],
    ["a JSON list", "[]"],
  ])("of %s is RESPONSE_MALFORMED and never a TypeError", async (_name, body) => {
    const { error } = await failing((_request, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(body),
    );
    expect(error).toMatchObject({ code: "RESPONSE_MALFORMED", outcome: "unknown", status: 200 });
  });

  it("of 100 MB is cut off at the limit", async () => {
    let sentBytes = 0;
    const { error } = await failing(
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const chunk = Buffer.alloc(64 * 1024, "a");
        const pump = (): void => {
          while (sentBytes < 100 * 1024 * 1024 && !response.destroyed) {
            sentBytes += chunk.length;
            if (!response.write(chunk)) return void response.once("drain", pump);
          }
          response.end();
        };
        pump();
      },
      { limits: { maxResponseBytes: 1024 * 1024 } },
    );
    expect(error).toMatchObject({ code: "RESPONSE_TOO_LARGE", outcome: "unknown" });
    expect(sentBytes).toBeLessThan(20 * 1024 * 1024);
  });

  it("that redirects to another host is refused, and nothing goes there", async () => {
    const elsewhere = await loopback((_request, response) => json(response, 200, { id: "stolen" }));
    closers.push(elsewhere.close);
    const { error } = await failing((_request, response) =>
      response.writeHead(307, { location: `${elsewhere.baseUrl}/send` }).end(),
    );
    expect(error).toMatchObject({ code: "REDIRECT_REFUSED", outcome: "rejected", status: 307 });
    expect(elsewhere.seen).toHaveLength(0);
  });

  it("that never comes ends at the attempt's time-out: unknown, not repeated", async () => {
    const { error, seenCount } = await failing(() => {}, { limits: { attemptTimeoutMs: 60 } });
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(seenCount).toBe(1);
  });

  it("that stops in the middle leaves a send unknown, and is repeated where that is safe", async () => {
    const half = (_request: unknown, response: Parameters<Parameters<typeof loopback>[0]>[1]): void => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    };
    const once = await failing(half);
    expect(once.error).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(once.seenCount).toBe(1);
    expect((await failing(half, { operation: upsert })).seenCount).toBe(4);
  });

  it("that is a reset after the request leaves a send unknown and unrepeated", async () => {
    const { error, seenCount } = await failing((_request, response) => void response.socket?.resetAndDestroy());
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(seenCount).toBe(1);
  });

  it("of status 503 is not repeated for a send, unless the provider says that it was refused", async () => {
    const answer = (_request: unknown, response: Parameters<Parameters<typeof loopback>[0]>[1], place: number): void =>
      json(response, place < 3 ? 503 : 200, { id: "x" });
    const plain = await failing((_request, response) => json(response, 503, {}));
    expect(plain.error).toMatchObject({ code: "PROVIDER_UNAVAILABLE", outcome: "unknown", retryable: true });
    expect(plain.seenCount).toBe(1);

    const server = await loopback(answer);
    const transport = createTransport({ limits: { backoffBaseMs: 1 } });
    closers.push(server.close, transport.close);
    const provider = fakeProvider({
      baseUrl: server.baseUrl,
      readFailure: ({ status }) => (status === 503 ? { code: "PROVIDER_UNAVAILABLE", outcome: "rejected" } : undefined),
    });
    const result = await transport.execute({ provider, operation: send, input: message, session: fakeSession() });
    expect(result).toMatchObject({ value: { id: "x" }, attempts: 3, status: 200 });
  });
});

describe("a provider that cannot be reached", () => {
  it("is tried again, also for a send, and ends as NETWORK_UNREACHABLE with nothing attempted", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const waits: number[] = [];
    const { error } = await failing(() => {}, {
      provider: { baseUrl: `http://127.0.0.1:${port}` },
      limits: { maxAttempts: 3 },
    });
    expect(waits).toEqual([]);
    expect(error).toMatchObject({ code: "NETWORK_UNREACHABLE", outcome: "not_attempted", retryable: true });
    expect(error.message).toContain("ECONNREFUSED");
  });
});

describe("a read", () => {
  it("fills its path, leaves undefined query values out and carries the session's key", async () => {
    const server = await loopback((_request, response) => json(response, 200, { id: "1" }));
    const transport = createTransport();
    closers.push(server.close, transport.close);
    const provider = fakeProvider({ baseUrl: server.baseUrl });
    await transport.execute({ provider, operation: look, input: { id: "+1 2/3?x" }, session: fakeSession() });
    expect(server.seen[0]).toMatchObject({
      method: "GET",
      url: "/things/%2B1%202%2F3%3Fx?verbose=true",
      headers: { authorization: "Bearer key-canary-9876543210", accept: "application/json" },
    });
  });
});
