import { randomFillSync } from "node:crypto";
import type { Writable } from "node:stream";

const slabBytes = 128 * 1024;
const mostHeaderBytes = 14;
// Chance is drawn from the system for a thousand masks at a time.
const masksBytes = 4096;
const binaryOpcode = 0x82;
const maskBit = 0x80;
// Slabs that wait to be used again. Two are in use at full speed: one is written, one is filled.
const mostSpareSlabs = 4;

interface Slab {
  readonly bytes: Buffer;
  readonly words: Int32Array;
}

/**
 * Writes binary WebSocket messages of a client (RFC 6455): many frames into one buffer, masked there, and one write for all
 * of a turn. Written one by one, a small acknowledgement would cost more in the socket than in everything else together.
 */
export class MaskedWriter {
  readonly #socket: Writable;
  readonly #masks: Buffer = Buffer.alloc(masksBytes);
  #masksUsed: number = masksBytes;
  #slab: Slab | undefined;
  #usedBytes = 0;
  #spare: Slab[] = [];

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Not yet handed to the socket. */
  get pendingBytes(): number {
    return this.#usedBytes;
  }

  write(message: Uint8Array): void {
    const needed = message.length + mostHeaderBytes;
    if (this.#slab && this.#usedBytes + needed > this.#slab.bytes.length) this.flush();
    const slab = (this.#slab ??= this.#takeSlab(needed));
    if (this.#masksUsed === masksBytes) {
      randomFillSync(this.#masks);
      this.#masksUsed = 0;
    }
    const { bytes } = slab;
    const maskAt = writeHeader(bytes, this.#usedBytes, message.length);
    bytes.writeInt32LE(this.#masks.readInt32LE(this.#masksUsed), maskAt);
    this.#masksUsed += 4;
    bytes.set(message, maskAt + 4);
    this.#usedBytes = maskAt + 4 + message.length;
    applyMask(slab, maskAt, this.#usedBytes);
  }

  /** Hands everything to the socket. */
  flush(): void {
    const slab = this.#slab;
    if (!slab) return;
    const written = slab.bytes.subarray(0, this.#usedBytes);
    this.#slab = undefined;
    this.#usedBytes = 0;
    this.#socket.write(written, () => {
      if (slab.bytes.length === slabBytes && this.#spare.length < mostSpareSlabs) this.#spare.push(slab);
    });
  }

  #takeSlab(neededBytes: number): Slab {
    if (neededBytes <= slabBytes) {
      const spare = this.#spare.pop();
      if (spare) return spare;
    }
    const bytes = Buffer.allocUnsafeSlow(Math.max(slabBytes, (neededBytes + 3) & ~3));
    return { bytes, words: new Int32Array(bytes.buffer) };
  }
}

/** Answers where the mask belongs. */
function writeHeader(bytes: Buffer, offset: number, length: number): number {
  bytes[offset] = binaryOpcode;
  if (length < 126) {
    bytes[offset + 1] = maskBit | length;
    return offset + 2;
  }
  if (length < 65_536) {
    bytes[offset + 1] = maskBit | 126;
    bytes.writeUInt16BE(length, offset + 2);
    return offset + 4;
  }
  bytes[offset + 1] = maskBit | 127;
  bytes.writeUInt32BE(0, offset + 2);
  bytes.writeUInt32BE(length, offset + 6);
  return offset + 10;
}

// The mask as it falls on an aligned word, in the machine's own byte order.
const turnedWord = new Int32Array(1);
const turnedBytes = new Uint8Array(turnedWord.buffer);

/** Masks what follows the mask, four bytes at a time where they are aligned. */
function applyMask({ bytes, words }: Slab, maskAt: number, end: number): void {
  let place = maskAt + 4;
  const aligned = Math.min(end, (place + 3) & ~3);
  for (; place < aligned; place++) maskByte(bytes, place, maskAt);
  const lastWord = (end - place) >> 2;
  for (let index = 0; index < 4; index++) turnedBytes[index] = bytes[maskAt + ((place + index - maskAt) & 3)] ?? 0;
  const mask = turnedWord[0] ?? 0;
  const from = place >> 2;
  for (let index = from; index < from + lastWord; index++) words[index] = (words[index] ?? 0) ^ mask;
  for (place += lastWord * 4; place < end; place++) maskByte(bytes, place, maskAt);
}

function maskByte(bytes: Buffer, place: number, maskAt: number): void {
  // The mask's bytes repeat from its own place on, since it has four of them.
  bytes[place] = (bytes[place] ?? 0) ^ (bytes[maskAt + ((place - maskAt) & 3)] ?? 0);
}
