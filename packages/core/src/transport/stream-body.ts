import type { ClientRequest } from "node:http";
import { Readable } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { ByteSource, UploadProgress } from "../contract/index.js";

/** Some sources give all that they have in one piece, of which progress could tell nothing. */
const pieceBytes = 64 * 1024;

/** A body that is read while it is sent. A class, as axios copies plain objects and leaves others alone. */
export class StreamBody {
  readonly source: ByteSource;
  readonly #onProgress: ((progress: UploadProgress) => void) | undefined;

  constructor(source: ByteSource, onProgress: ((progress: UploadProgress) => void) | undefined) {
    this.source = source;
    this.#onProgress = onProgress;
  }

  get byteLength(): number {
    return this.source.byteLength;
  }

  /** A callback that fails must not fail the upload. */
  tell(sentBytes: number): void {
    try {
      this.#onProgress?.({ sentBytes, totalBytes: this.byteLength });
    } catch {
      // Its own matter.
    }
  }

  /** The same as a Node stream, for axios' own adapter. */
  readable(): Readable {
    return Readable.from(
      this.#measured((sentBytes) => this.tell(sentBytes)),
      { objectMode: false },
    );
  }

  /**
   * Writes everything to the request and ends it. Nothing is read before the connection stands, so a source that can be read
   * once survives a refused connection. Rejects when the source fails or has another length than it said; then the request
   * must be destroyed, so that the other side does not take a part for the whole.
   */
  async pipe(request: ClientRequest): Promise<void> {
    const isOver = new Promise<void>((resolve) => request.once("close", resolve));
    await Promise.race([connected(request), isOver]);
    let sentBytes = 0;
    if (request.destroyed) return;
    for await (const chunk of this.#measured(() => {})) {
      await Promise.race([written(request, chunk), isOver]);
      if (request.destroyed) return;
      sentBytes += chunk.byteLength;
      this.tell(sentBytes);
    }
    request.end();
  }

  async *#measured(onChunk: (sentBytes: number) => void): AsyncGenerator<Uint8Array> {
    const { source } = this;
    let sentBytes = 0;
    for await (const chunk of source.open()) {
      if (sentBytes + chunk.byteLength > source.byteLength)
        throw new Error(`It is longer than the ${source.byteLength} bytes announced`);
      for (let from = 0; from < chunk.byteLength; from += pieceBytes) {
        const piece = chunk.subarray(from, from + pieceBytes);
        yield piece;
        sentBytes += piece.byteLength;
        onChunk(sentBytes);
      }
    }
    if (sentBytes < source.byteLength)
      throw new Error(`It ended after ${sentBytes} of the ${source.byteLength} bytes announced`);
  }
}

function connected(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    request.once("socket", (socket) => {
      if (!socket.connecting) return resolve();
      socket.once((socket as Partial<TLSSocket>).encrypted ? "secureConnect" : "connect", resolve);
    });
  });
}

/** Resolves when the bytes were handed to the system, which is what progress tells. */
function written(request: ClientRequest, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    request.write(chunk, () => resolve());
  });
}
