import { payloadType } from "../codec/payload-type.js";

export interface WriteCallbacks {
  /** Everything of this write is in frames, which are kept until they are acknowledged; or it never will be. */
  readonly onTaken?: ((error?: Error) => void) | undefined;
  /** The other side has acknowledged everything up to and with this write. */
  readonly onAcknowledged?: (() => void) | undefined;
}

interface Pending extends WriteCallbacks {
  readonly payloadType: number;
  readonly chunk: Buffer;
  offset: number;
}

/** What was written and is not yet in a frame, in the order of writing. */
export class WriteQueue {
  #entries: Pending[] = [];
  #head = 0;

  get isEmpty(): boolean {
    return this.#head === this.#entries.length;
  }

  push(type: number, chunks: readonly Uint8Array[], callbacks: WriteCallbacks): void {
    const last = chunks.length - 1;
    for (const [index, chunk] of chunks.entries())
      this.#entries.push({ payloadType: type, chunk: asBuffer(chunk), offset: 0, ...(index === last && callbacks) });
  }

  /** The type of the next frame. Only to be asked when not empty. */
  get nextType(): number {
    return this.#entries[this.#head]?.payloadType ?? payloadType.output;
  }

  /** How many bytes the next frame gets. Output runs together over many writes; anything else is one frame for each. */
  nextBytes(mostBytes: number): number {
    const type = this.nextType;
    let bytes = 0;
    for (let index = this.#head; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.payloadType !== type) break;
      bytes += entry.chunk.length - entry.offset;
      if (type !== payloadType.output) return bytes;
      if (bytes >= mostBytes) return mostBytes;
    }
    return bytes;
  }

  /** Moves that many bytes into the frame, and hands back whose write ended with them. */
  fill(target: Buffer, targetOffset: number, bytes: number, onEnded: (callbacks: WriteCallbacks) => void): void {
    let place = targetOffset;
    const end = targetOffset + bytes;
    do {
      const entry = this.#entries[this.#head];
      if (entry === undefined) break;
      const copied = entry.chunk.copy(target, place, entry.offset, entry.offset + end - place);
      place += copied;
      entry.offset += copied;
      if (entry.offset < entry.chunk.length) break;
      this.#drop();
      onEnded(entry);
    } while (place < end);
  }

  /** Fails everything that still waits. */
  fail(error: Error): void {
    const left = this.#entries.slice(this.#head);
    this.#entries = [];
    this.#head = 0;
    for (const { onTaken } of left) onTaken?.(error);
  }

  #drop(): void {
    this.#head++;
    // Shifting an array one by one would cost as much as it is long.
    if (this.#head === this.#entries.length || this.#head > 1024) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
