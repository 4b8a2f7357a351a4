import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { defineOperation, type MediaSource, type Operation, type UploadProgress } from "../../src/contract/index.js";
import { createTransport, type TransportLimits } from "../../src/transport/index.js";
import { carriedWith } from "../../src/transport/wire-request.js";
import { fakeProvider, fakeSession } from "./fake-provider.js";

type Input = MediaSource & { readonly onProgress?: (progress: UploadProgress) => void };

/** `POST /upload`, whose encoder needs the length and the first bytes. */
const upload: Operation<Input, { readonly hash: string }> = defineOperation({
  name: "media.upload",
  summary: "Takes a file.",
  method: "POST",
  path: "/upload",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  media: (input: Input) => input,
  encode: ({ onProgress }, { media }) => ({
    headers: { "x-head": String(media?.head.byteLength), "x-name": media?.fileName ?? "none" },
    ...(media
      ? { body: { kind: "stream", source: media, contentType: "video/mp4", ...(onProgress ? { onProgress } : {}) } }
      : {}),
  }),
  decode: (response) => response.body as { readonly hash: string },
});

interface Arrival {
  readonly headers: IncomingMessage["headers"];
  bytes: number;
  isWhole: boolean;
}

type Answer = (request: IncomingMessage, response: ServerResponse, place: number, arrival: Arrival) => void;

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) % 256);

/** Takes whole bodies and answers with their hash; `early` may answer or cut off instead. */
async function server(early?: Answer): Promise<{ readonly baseUrl: string; readonly arrivals: readonly Arrival[] }> {
  const arrivals: Arrival[] = [];
  const listening = createServer((request, response) => {
    const arrival: Arrival = { headers: request.headers, bytes: 0, isWhole: false };
    arrivals.push(arrival);
    const hash = createHash("sha256");
    request.on("data", (chunk: Buffer) => {
      arrival.bytes += chunk.byteLength;
      hash.update(chunk);
    });
    request.on("end", () => {
      arrival.isWhole = true;
      if (response.headersSent) return;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ hash: hash.digest("hex") }));
    });
    early?.(request, response, arrivals.length, arrival);
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  onTestFinished(
    () =>
      new Promise((resolve) => {
        listening.closeAllConnections();
        listening.close(() => resolve());
      }),
  );
  return { baseUrl: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, arrivals };
}

async function send(
  baseUrl: string,
  input: Input,
  { limits = {}, signal }: { readonly limits?: TransportLimits; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const transport = createTransport({ limits: { backoffBaseMs: 1, ...limits } });
  onTestFinished(() => transport.close());
  const provider = fakeProvider({ baseUrl, readRateLimits: () => [] });
  const { value } = await transport.execute({
    provider,
    operation: upload,
    input,
    session: fakeSession(),
    ...(signal ? { signal } : {}),
  });
  return value.hash;
}

async function fileWith(content: Uint8Array, name = "clip.mp4"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "colloquy-upload-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const pieces = (size = 50_000): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, index) =>
      Buffer.from(bytes.subarray(index * size, (index + 1) * size)),
    ),
    { objectMode: false },
  );

afterEach(() => vi.unstubAllEnvs());

describe("an upload", () => {
  it.each<readonly [string, () => MediaSource | Promise<MediaSource>, string]>([
    ["a file", async () => ({ file: await fileWith(bytes) }), "clip.mp4"],
    ["bytes", () => ({ bytes }), "none"],
    ["a Blob", () => ({ blob: new Blob([bytes]) }), "none"],
    ["a named Blob", () => ({ blob: new File([bytes], "clip.mp4") }), "clip.mp4"],
    ["a Node stream of known length", () => ({ stream: pieces(), byteLength: bytes.byteLength }), "none"],
    ["a Node stream of unknown length", () => ({ stream: pieces() }), "none"],
    ["a web stream", () => ({ stream: new Blob([bytes]).stream(), byteLength: bytes.byteLength }), "none"],
  ])("from %s arrives byte for byte, with its length, and tells its progress", async (_name, source, fileName) => {
    const { baseUrl, arrivals } = await server();
    const told: UploadProgress[] = [];
    const input = { ...(await source()), onProgress: (progress: UploadProgress) => told.push(progress) };
    expect(await send(baseUrl, input)).toBe(hashOf(bytes));
    expect(arrivals[0]?.headers).toMatchObject({
      "content-length": String(bytes.byteLength),
      "content-type": "video/mp4",
      "x-head": "4096",
      "x-name": fileName,
    });
    expect(arrivals[0]?.headers).not.toHaveProperty("transfer-encoding");
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(({ sentBytes }) => sentBytes)).toEqual(
      told.map(({ sentBytes }) => sentBytes).toSorted((a, b) => a - b),
    );
    expect(told.at(-1)).toEqual({ sentBytes: bytes.byteLength, totalBytes: bytes.byteLength });
  });

  it("from a web stream that cannot be looped over is read by its reader", async () => {
    const { baseUrl } = await server();
    const whole = new Blob([bytes]).stream();
    const stream = { getReader: () => whole.getReader() };
    expect(await send(baseUrl, { stream, byteLength: bytes.byteLength })).toBe(hashOf(bytes));
  });

  it("that reads from a stream holds no more of it than what is under way", async () => {
    const { baseUrl } = await server((request) => request.pause());
    let read = 0;
    const stop = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read += 65_536;
        if (read > 40_000_000) stop.abort();
        yield new Uint8Array(65_536);
      }
    }
    const sending = send(baseUrl, { stream: endless(), byteLength: 90_000_000 }, { signal: stop.signal });
    sending.catch(() => {});
    await vi.waitFor(async () => {
      const before = read;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(read).toBe(before);
    }, 10_000);
    expect(read).toBeLessThan(40_000_000);
    stop.abort();
    await expect(sending).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("is not failed by a callback that fails", async () => {
    const { baseUrl } = await server();
    const onProgress = (): never => {
      throw new Error("The bar fell over.");
    };
    expect(await send(baseUrl, { bytes, onProgress })).toBe(hashOf(bytes));
  });

  it("is repeated from its first byte when the connection is lost midway, and progress begins again", async () => {
    const { baseUrl, arrivals } = await server((request, _response, place) => {
      if (place === 1) request.once("data", () => request.socket.destroy());
    });
    const sent: number[] = [];
    const file = await fileWith(bytes);
    expect(await send(baseUrl, { file, onProgress: ({ sentBytes }) => sent.push(sentBytes) })).toBe(hashOf(bytes));
    expect(arrivals.map(({ isWhole }) => isWhole)).toEqual([false, true]);
    expect(sent.at(-1)).toBe(bytes.byteLength);
  });

  it("from a stream that can be read once is not repeated when the connection is lost midway", async () => {
    const { baseUrl, arrivals } = await server((request) => {
      request.once("data", () => request.socket.destroy());
    });
    const sending = send(baseUrl, { stream: pieces(), byteLength: bytes.byteLength });
    await expect(sending).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(arrivals).toHaveLength(1);
  });

  it("from a stream survives a refused connection, as nothing was read of it", async () => {
    const closed = createServer();
    closed.listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, "close");
    let hasBegun = false;
    const open = vi.fn(async function* () {
      hasBegun = true;
      yield bytes;
    });
    const streamed = defineOperation({
      ...upload,
      encode: () => ({
        body: {
          kind: "stream" as const,
          source: { byteLength: bytes.byteLength, canReopen: false, open },
          contentType: "video/mp4",
        },
      }),
    });
    const transport = createTransport({ limits: { backoffBaseMs: 1, maxAttempts: 2 } });
    onTestFinished(() => transport.close());
    await expect(
      transport.execute({
        provider: fakeProvider({ baseUrl: `http://127.0.0.1:${port}` }),
        operation: { ...streamed, media: () => undefined },
        input: { bytes },
        session: fakeSession(),
      }),
    ).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    expect([hasBegun, open.mock.calls.length]).toEqual([false, 0]);
  });

  it("that the server refuses before it is whole ends with the server's answer", async () => {
    const { baseUrl, arrivals } = await server((_request, response) => {
      response.writeHead(413, { "content-type": "application/json" }).end('{"error":"too large"}');
    });
    await expect(send(baseUrl, { bytes: new Uint8Array(20_000_000) })).rejects.toMatchObject({
      code: "PROVIDER_REJECTED",
      status: 413,
    });
    expect(arrivals[0]?.isWhole).toBe(false);
  });

  it("is cut off when it is aborted, and its file is closed", async () => {
    const stop = new AbortController();
    const { baseUrl, arrivals } = await server((request) => request.once("data", () => stop.abort()));
    const stream = createReadStream(await fileWith(new Uint8Array(20_000_000)));
    const sending = send(baseUrl, { stream, byteLength: 20_000_000 }, { signal: stop.signal });
    await expect(sending).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    await vi.waitFor(() => expect(stream.destroyed).toBe(true));
    expect(arrivals[0]?.isWhole).toBe(false);
  });

  it.each([
    ["less", bytes.byteLength + 1],
    ["more", bytes.byteLength - 1],
  ])(
    "whose stream gives %s than it said is cut off, so that no part is taken for the whole",
    async (_name, byteLength) => {
      const { baseUrl, arrivals } = await server();
      await expect(send(baseUrl, { stream: pieces(), byteLength })).rejects.toMatchObject({
        code: "INPUT_INVALID",
        outcome: "not_attempted",
      });
      await vi.waitFor(() => expect(arrivals.every(({ isWhole }) => !isWhole)).toBe(true));
    },
  );

  it("whose stream fails midway is cut off", async () => {
    const { baseUrl, arrivals } = await server();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw new Error("The disk is gone.");
    }
    await expect(send(baseUrl, { stream: failing(), byteLength: 2 * bytes.byteLength })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("The disk is gone"),
    });
    expect(arrivals.some(({ isWhole }) => isWhole)).toBe(false);
  });

  it("larger than the limit is refused with nothing sent", async () => {
    const { baseUrl, arrivals } = await server();
    const limits = { maxRequestBytes: 100_000 };
    for (const source of [{ bytes }, { stream: pieces() }, { stream: pieces(), byteLength: bytes.byteLength }])
      await expect(send(baseUrl, source, { limits })).rejects.toMatchObject({
        code: "INPUT_INVALID",
        outcome: "not_attempted",
      });
    expect(arrivals).toHaveLength(0);
  });

  it("from a file that is not there, from a folder, or from text is refused with nothing sent", async () => {
    const { baseUrl, arrivals } = await server();
    const text = Readable.from(["text"], { objectMode: true });
    for (const [source, field] of [
      [{ file: "/nowhere/at/all.png" }, "file"],
      [{ file: tmpdir() }, "file"],
      [{ stream: text as unknown as AsyncIterable<Uint8Array> }, "stream"],
    ] as const)
      await expect(send(baseUrl, source)).rejects.toMatchObject({
        code: "INPUT_INVALID",
        operation: "media.upload",
        fieldErrors: { [field]: [expect.any(String)] },
      });
    expect(arrivals).toHaveLength(0);
  });

  it("of a stream that was read before is refused with nothing sent", async () => {
    const { baseUrl, arrivals } = await server();
    const source = { stream: pieces(), byteLength: bytes.byteLength };
    await send(baseUrl, source);
    await expect(send(baseUrl, source)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(arrivals).toHaveLength(1);
  });

  it("has more time the more there is to send", () => {
    const opened = (byteLength: number, canReopen = true) => ({
      byteLength,
      canReopen,
      head: new Uint8Array(0),
      open: async function* () {},
    });
    expect(carriedWith(upload, opened(0), 30_000).attemptTimeoutMs).toBe(30_000);
    expect(carriedWith(upload, opened(100 * 1024 * 1024), 30_000).attemptTimeoutMs).toBe(30_000 + 819_200);
    expect(carriedWith({ ...upload, attemptTimeoutMs: 5 }, opened(128), 30_000).attemptTimeoutMs).toBe(6);
    expect(carriedWith(upload, opened(1, false), 30_000).repeatable).toBe("never");
  });

  it("goes through the proxy that the environment names, whole and with its progress", async () => {
    const proxy = await server();
    vi.stubEnv("http_proxy", proxy.baseUrl);
    vi.stubEnv("no_proxy", "");
    const told: number[] = [];
    const onProgress = ({ sentBytes }: UploadProgress): number => told.push(sentBytes);
    expect(await send("http://provider.test", { bytes, onProgress })).toBe(hashOf(bytes));
    expect(proxy.arrivals[0]?.headers["content-length"]).toBe(String(bytes.byteLength));
    expect(told.at(-1)).toBe(bytes.byteLength);
  });
});
