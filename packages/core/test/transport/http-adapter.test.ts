import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ColloquyError } from "../../src/contract/index.js";
import { createTransport, type TransportLimits } from "../../src/transport/index.js";
import { fakeProvider, fakeSession, open, send, upsert } from "./fake-provider.js";
import { json, type Loopback, loopback } from "./loopback.js";

const message = { to: "+15550100123", text: "Grüße, 你好 👋" };
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});

async function server(answer: Parameters<typeof loopback>[0]): Promise<Loopback> {
  const started = await loopback(answer);
  closers.push(started.close);
  return started;
}

function call(baseUrl: string, operation: typeof send = send, limits: TransportLimits = {}): Promise<unknown> {
  const transport = createTransport({ limits: { backoffBaseMs: 1, ...limits } });
  closers.push(transport.close);
  return transport.execute({ provider: fakeProvider({ baseUrl }), operation, input: message, session: fakeSession() });
}

describe("a request", () => {
  it("carries text beyond ASCII whole, with its length in bytes", async () => {
    const { seen, baseUrl } = await server((_request, response) => json(response, 200, { id: "m1" }));
    await call(baseUrl);
    expect(JSON.parse(seen[0]?.body as string)).toEqual(message);
    expect(seen[0]?.headers["content-length"]).toBe(String(Buffer.byteLength(JSON.stringify(message))));
  });

  it("without a body names no content type", async () => {
    const { seen, baseUrl } = await server((_request, response) => json(response, 200, {}));
    const transport = createTransport();
    closers.push(transport.close);
    for (const method of ["GET", "POST"] as const)
      await transport.execute({ provider: fakeProvider({ baseUrl }), operation: { ...open, method }, input: {} });
    expect(seen.map(({ method, body }) => [method, body])).toEqual([
      ["GET", ""],
      ["POST", ""],
    ]);
    for (const { headers } of seen) expect(headers).not.toHaveProperty("content-type");
  });

  it("whose body is above the limit is refused with nothing sent", async () => {
    const { seen, baseUrl } = await server((_request, response) => json(response, 200, { id: "m1" }));
    await expect(call(baseUrl, send, { maxRequestBytes: 10 })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      outcome: "not_attempted",
    });
    expect(seen).toHaveLength(0);
  });

  it("keeps user and password of the base URL, and its path", async () => {
    const { seen, baseUrl } = await server((_request, response) => json(response, 200, {}));
    const transport = createTransport();
    closers.push(transport.close);
    const provider = fakeProvider({ baseUrl: `${baseUrl.replace("http://", "http://who%40x:pass@")}/api/v1/` });
    await transport.execute({ provider, operation: open, input: {} });
    expect(seen[0]).toMatchObject({
      url: "/api/v1/open",
      headers: { authorization: `Basic ${Buffer.from("who@x:pass").toString("base64")}` },
    });
  });

  it.each(["not a url", "ftp://provider.test"])("to %s is refused with nothing sent", async (baseUrl) => {
    await expect(call(baseUrl)).rejects.toMatchObject({ code: "INPUT_INVALID", outcome: "not_attempted" });
  });

  it("goes through the proxy that the environment names", async () => {
    const proxy = await server((_request, response) => json(response, 200, { id: "through the proxy" }));
    vi.stubEnv("http_proxy", proxy.baseUrl);
    vi.stubEnv("no_proxy", "");
    expect(await call("http://provider.test")).toMatchObject({ value: { id: "through the proxy" } });
    expect(proxy.seen[0]).toMatchObject({ url: "http://provider.test/send", body: JSON.stringify(message) });
  });
});

describe("a compressed answer", () => {
  const text = JSON.stringify({ id: "m".repeat(5_000) });
  const sendBack = (encoding: string, bytes: Uint8Array) => (_request: unknown, response: ServerResponse) =>
    void response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding }).end(bytes);

  it.each([
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate without its header", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["identity", Buffer.from(text)],
  ])("in %s is read", async (name, bytes) => {
    const { baseUrl, seen } = await server(sendBack(name.split(" ")[0] as string, bytes));
    expect(await call(baseUrl)).toMatchObject({ value: JSON.parse(text) });
    expect(seen[0]?.headers["accept-encoding"]).toBe("gzip, deflate, br");
  });

  it.each([
    ["gzip", gzipSync(Buffer.alloc(20_000_000))],
    ["deflate", deflateSync(Buffer.alloc(20_000_000))],
    ["br", brotliCompressSync(Buffer.alloc(20_000_000))],
  ])("in %s that would grow above the limit is cut off", async (encoding, bytes) => {
    const { baseUrl } = await server(sendBack(encoding, bytes));
    await expect(call(baseUrl, send, { maxResponseBytes: 1_000_000 })).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
      outcome: "unknown",
    });
  });

  it("that is no such thing leaves a send unknown, and is asked for again where that is safe", async () => {
    const { baseUrl, seen } = await server(sendBack("gzip", Buffer.from("plain words")));
    await expect(call(baseUrl)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(seen).toHaveLength(1);
    await expect(call(baseUrl, upsert)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(seen).toHaveLength(5);
  });

  it("without a body is an empty one", async () => {
    const { baseUrl } = await server(sendBack("gzip", Buffer.alloc(0)));
    await expect(call(baseUrl)).rejects.toMatchObject({ code: "RESPONSE_MALFORMED", status: 200 });
  });
});

describe("an answer larger than the limit", () => {
  it("is refused by its announced length before it comes", async () => {
    const { baseUrl } = await server((_request, response) => {
      response.writeHead(200, { "content-length": "99999999" });
      response.write("{");
    });
    await expect(call(baseUrl, send, { maxResponseBytes: 1_000 })).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
    });
  });
});

describe("a request that is looked at once more when its connection stands", () => {
  const deliver = (baseUrl: string, assertMayLeave: () => void): Promise<unknown> => {
    const transport = createTransport();
    closers.push(transport.close);
    const provider = fakeProvider({ baseUrl });
    const request = { provider, operation: send, input: message, session: fakeSession(), assertMayLeave };
    return transport.execute(request).then(() => transport.execute(request));
  };

  it("is written then, on a new connection and on one that is used again", async () => {
    const { seen, baseUrl } = await server((_request, response) => json(response, 200, { id: "m1" }));
    let looks = 0;
    await deliver(baseUrl, () => void looks++);
    expect([looks, seen.length]).toEqual([2, 2]);
  });

  it("is not written at all when it may not leave, and the error is what was thrown", async () => {
    const { seen, baseUrl } = await server((_request, response) => json(response, 200, { id: "m1" }));
    const refusal = new ColloquyError({ code: "SESSION_TAKEN_OVER", message: "Too late.", outcome: "not_attempted" });
    let looks = 0;
    const refused = deliver(baseUrl, () => {
      if (++looks === 2) throw refusal;
    });
    await expect(refused).rejects.toMatchObject({ code: "SESSION_TAKEN_OVER", outcome: "not_attempted" });
    expect(seen).toHaveLength(1);
  });
});
