import { Duplex } from "node:stream";

export interface ByteConnectionHost {
  write(chunks: readonly Uint8Array[], onTaken: (error?: Error) => void): void;
  onRoom(): void;
  /** The local side has ended, but may still read. */
  onEnded(): void;
  onDestroyed(): void;
}

const bufferBytes = 256 * 1024;

/** A connection that has the session's stream of bytes to itself. Until its turn comes, writes wait. */
export class ByteConnection extends Duplex {
  readonly #host: ByteConnectionHost;
  #isActive = false;
  #canTake = true;
  #waiting: (() => void) | undefined;

  constructor(host: ByteConnectionHost) {
    super({ readableHighWaterMark: bufferBytes, writableHighWaterMark: bufferBytes, allowHalfOpen: true });
    this.#host = host;
  }

  activate(): void {
    this.#isActive = true;
    const write = this.#waiting;
    this.#waiting = undefined;
    write?.();
  }

  receive(payload: Buffer): boolean {
    if (this.destroyed || payload.length === 0) return true;
    if (!this.#canTake) return false;
    this.#canTake = this.push(payload);
    return true;
  }

  /** Nothing more comes from the other side, and nothing more can be sent to it. */
  finish(error?: Error): void {
    if (this.destroyed) return;
    if (error) this.destroy(error);
    else {
      this.push(null);
      if (!this.writableEnded) this.end();
    }
  }

  override _read(): void {
    if (this.#canTake) return;
    this.#canTake = true;
    this.#host.onRoom();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#whenActive(() => this.#host.write([chunk], done));
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#whenActive(() =>
      this.#host.write(
        chunks.map(({ chunk }) => chunk),
        done,
      ),
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#whenActive(() => {
      done();
      this.#host.onEnded();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#waiting = undefined;
    done(error);
    this.#host.onDestroyed();
  }

  #whenActive(run: () => void): void {
    if (this.#isActive) run();
    else this.#waiting = run;
  }
}
