import { Duplex } from "node:stream";
import type { Clock, Timer } from "../clock.js";
import { mostDataBytes, smuxCommand, smuxHeader } from "./frame.js";

/** What a stream needs of the session that it belongs to. */
export interface SmuxStreamHost {
  readonly clock: Clock;
  readonly halfCloseGraceMs: number;
  write(chunks: readonly Uint8Array[], onTaken?: (error?: Error) => void): void;
  /** The stream's buffer has room again. */
  onRoom(): void;
  /** Both sides are done. */
  onGone(streamId: number): void;
}

const readBufferBytes = 256 * 1024;
/** One read of a socket: what waits here waits in the socket as well, and many connections share one channel. */
const writeBufferBytes = 64 * 1024;

/**
 * One connection within a session of many.
 *
 * A FIN closes both directions at the peers, so ours is held back after the local end until the other side has finished too
 * or has been silent for the grace time: an answer to a half-closed connection still arrives.
 */
export class SmuxStream extends Duplex {
  readonly id: number;
  readonly #host: SmuxStreamHost;
  #isFull = false;
  #hasFinished = false;
  #hasPeerFinished = false;
  #hasReceived = false;
  #lastDataAtMs: number;
  #grace: Timer | undefined;

  constructor(id: number, host: SmuxStreamHost) {
    super({
      readableHighWaterMark: readBufferBytes,
      writableHighWaterMark: writeBufferBytes,
      allowHalfOpen: true,
    });
    this.id = id;
    this.#host = host;
    this.#lastDataAtMs = host.clock.now();
    host.write([smuxHeader(smuxCommand.syn, id)]);
  }

  /** Bytes beyond what the reader has asked for. */
  get excessBytes(): number {
    return this.#isFull ? this.readableLength : 0;
  }

  get hasReceived(): boolean {
    return this.#hasReceived;
  }

  receive(piece: Buffer): void {
    this.#hasReceived = true;
    if (this.#hasPeerFinished || this.destroyed) return;
    if (this.#grace) this.#lastDataAtMs = this.#host.clock.now();
    this.#isFull = !this.push(piece);
  }

  /** The other side has closed both directions. What it sent before is still read. */
  receiveFin(error?: Error): void {
    if (this.#hasPeerFinished) return;
    this.#hasPeerFinished = true;
    this.#isFull = false;
    this.#finish();
    if (error) this.destroy(error);
    else if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#host.onRoom();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], chunk.length, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const pieces = chunks.map(({ chunk }) => chunk);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    this.#send(pieces, bytes, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
    if (this.#hasFinished) return;
    this.#lastDataAtMs = this.#host.clock.now();
    this.#waitForPeer();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#finish();
    if (this.#isFull) {
      this.#isFull = false;
      this.#host.onRoom();
    }
    done(error);
  }

  #send(pieces: readonly Buffer[], bytes: number, done: (error?: Error | null) => void): void {
    // The other side drops what comes after its FIN; it is no error of whoever writes.
    if (this.#hasFinished) return done();
    if (bytes <= mostDataBytes)
      return this.#host.write([smuxHeader(smuxCommand.push, this.id, bytes), ...pieces], done);
    const cut: Buffer[] = [];
    for (const piece of pieces)
      for (let from = 0; from < piece.length; from += mostDataBytes) {
        const data = piece.subarray(from, from + mostDataBytes);
        cut.push(smuxHeader(smuxCommand.push, this.id, data.length), data);
      }
    this.#host.write(cut, done);
  }

  #waitForPeer(): void {
    const { clock, halfCloseGraceMs } = this.#host;
    this.#grace = clock.setTimer(this.#lastDataAtMs + halfCloseGraceMs, () => {
      if (clock.now() - this.#lastDataAtMs < halfCloseGraceMs) return this.#waitForPeer();
      this.#finish();
      if (!this.destroyed) this.push(null);
    });
  }

  #finish(): void {
    this.#grace?.cancel();
    if (this.#hasFinished) return;
    this.#hasFinished = true;
    this.#host.write([smuxHeader(smuxCommand.fin, this.id)]);
    this.#host.onGone(this.id);
  }
}
