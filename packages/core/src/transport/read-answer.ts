import { pipeline, Readable } from "node:stream";
import { createBrotliDecompress, createUnzip } from "node:zlib";
import { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from "axios";

/** Takes an answer while it comes. */
export interface Reading {
  /** Told each attempt's head. True: the body goes to `onText`; false: it is gathered and goes to `onAnswer` as always. */
  onHead(status: number, headers: Readonly<Record<string, unknown>>): boolean;
  /** The next part of the body. Nothing more is read until it is taken. */
  onText(text: string): void | Promise<void>;
}

type Carry = (config: InternalAxiosRequestConfig) => Promise<AxiosResponse<unknown>>;

/**
 * Makes one attempt whose answer is read while it comes, if it is a success; any other answer is gathered whole. A body that is
 * cut off rejects with an `AxiosError`, like a request that was.
 */
export async function readAnswer(
  carry: Carry,
  config: InternalAxiosRequestConfig,
  reading: Reading,
): Promise<AxiosResponse<Uint8Array>> {
  // Compressed, the pieces would arrive when a block is full and not when they were written.
  config.headers.set("Accept-Encoding", "identity");
  const response = await carry({ ...config, responseType: "stream" });
  const headers = { ...AxiosHeaders.from(response.headers as AxiosHeaders).toJSON() };
  const body = bodyOf(response.data, headers["content-encoding"]);
  const maxBytes = config.maxContentLength ?? Number.POSITIVE_INFINITY;
  const isRead = reading.onHead(response.status, headers);
  const data = isRead ? await readOn(body, maxBytes, config, reading) : await gather(body, maxBytes, config);
  return { ...response, data, config };
}

async function readOn(
  body: Readable,
  maxBytes: number,
  config: InternalAxiosRequestConfig,
  reading: Reading,
): Promise<Uint8Array> {
  const decoder = new TextDecoder();
  for await (const chunk of chunksOf(body, maxBytes, config)) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") await reading.onText(text);
  }
  const rest = decoder.decode();
  if (rest !== "") await reading.onText(rest);
  return new Uint8Array();
}

async function gather(body: Readable, maxBytes: number, config: InternalAxiosRequestConfig): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(body, maxBytes, config)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body's own failures as axios tells them, so that they are known from those of whoever reads it. */
async function* chunksOf(
  body: Readable,
  maxBytes: number,
  config: InternalAxiosRequestConfig,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch((error: unknown) => {
        throw AxiosError.from(error, undefined, config);
      });
      if (done) return;
      bytes += value.byteLength;
      if (bytes > maxBytes)
        throw AxiosError.from(new Error(`maxContentLength size of ${maxBytes} exceeded`), undefined, config);
      yield value;
    }
  } finally {
    // Left early, nobody wants the rest: the sender is cut off.
    if (!body.readableEnded) body.destroy();
  }
}

function bodyOf(data: unknown, encoding: unknown): Readable {
  const raw = data instanceof Readable ? data : Readable.from([asBytes(data)]);
  // Whoever iterates is told; what fails while nobody does must not end the process.
  raw.on("error", () => {});
  const name = typeof encoding === "string" ? encoding.trim().toLowerCase() : "";
  if (name === "br") return piped(raw, createBrotliDecompress());
  return ["gzip", "x-gzip", "deflate"].includes(name) ? piped(raw, createUnzip()) : raw;
}

function piped(raw: Readable, through: NodeJS.ReadWriteStream & Readable): Readable {
  // Failures of either side reach whoever reads the other end.
  pipeline(raw, through, () => {});
  return through;
}

/** A fake adapter in tests gives what it has. */
function asBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return Buffer.from(typeof data === "string" ? data : data === undefined ? "" : JSON.stringify(data));
}
