import type { CancelSignal } from "../../cancellation.js";
import { abortReason } from "../../clock.js";
import type { MediaSource, WebByteStream } from "../../contract/index.js";
import { type HeldMedia, unreadable } from "./held-media.js";

type StreamSource = Extract<MediaSource, { readonly stream: unknown }>;

/** Streams that were read from here: what is gone cannot be sent again. */
const spent = new WeakSet<object>();

/** True for a stream that was read already, at least in part. */
export function isSpent(source: MediaSource | undefined): boolean {
  return source !== undefined && "stream" in source && spent.has(source.stream);
}

export interface StreamOptions {
  readonly headBytes: number;
  readonly maxBytes: number;
  readonly gathered: (bytes: Uint8Array) => HeldMedia;
  readonly signal?: CancelSignal;
}

/** With a length: its first bytes are read to tell the type, the rest when it is sent. Without: gathered whole. */
export async function openStream(source: StreamSource, options: StreamOptions): Promise<HeldMedia> {
  const { stream, byteLength } = source;
  if (isSpent(source)) throw unreadable("stream", "This stream was read before and cannot be read again.");
  spent.add(stream);
  const chunks = chunksOf(stream);
  if (byteLength === undefined) return options.gathered(await gather(chunks, options));
  const first: Uint8Array[] = [];
  let firstBytes = 0;
  while (firstBytes < Math.min(options.headBytes, byteLength)) {
    const { done, value } = await chunks.next();
    if (done) break;
    first.push(value);
    firstBytes += value.byteLength;
  }
  let isOpened = false;
  return {
    byteLength,
    canReopen: false,
    head: joined(first, firstBytes).subarray(0, options.headBytes),
    async *open() {
      if (isOpened)
        throw new Error("The stream was read before and cannot be read again; give a file, bytes or a Blob");
      isOpened = true;
      yield* first;
      yield* chunks;
    },
    close: async () => void (await chunks.return(undefined)),
  };
}

async function gather(chunks: AsyncGenerator<Uint8Array>, { maxBytes, signal }: StreamOptions): Promise<Uint8Array> {
  const gathered: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    if (signal?.aborted) throw abortReason(signal);
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw unreadable("stream", `It is longer than ${maxBytes} bytes, the most that is sent.`);
    gathered.push(chunk);
  }
  return joined(gathered, bytes);
}

async function* chunksOf(stream: AsyncIterable<Uint8Array> | WebByteStream): AsyncGenerator<Uint8Array, undefined> {
  if (Symbol.asyncIterator in stream) {
    for await (const chunk of stream) yield bytesOf(chunk);
    return;
  }
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield bytesOf(value);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw unreadable("stream", "It gives something else than bytes; set no encoding on it.");
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
