import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const keySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export const opcode = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export function acceptUpgrade(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${keySuffix}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/**
 * Reads a client's messages, each in one frame, as the measured client writes them. Much leaner than a library that must take
 * anything: the gateway of a benchmark must not be what is measured.
 */
export class MessageReader {
  readonly #onMessage: (code: number, message: Buffer) => void;
  #left: Buffer = Buffer.alloc(0);

  constructor(onMessage: (code: number, message: Buffer) => void) {
    this.#onMessage = onMessage;
  }

  read(chunk: Buffer): void {
    const bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    let place = 0;
    while (bytes.length - place >= 6) {
      const short = (bytes[place + 1] ?? 0) & 0x7f;
      const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
      const maskAt = place + 2 + lengthBytes;
      if (bytes.length < maskAt + 4) break;
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(place + 2) : Number(bytes.readBigUInt64BE(place + 2));
      const end = maskAt + 4 + length;
      if (bytes.length < end) break;
      unmask(bytes, maskAt, end);
      this.#onMessage((bytes[place] ?? 0) & 0x0f, bytes.subarray(maskAt + 4, end));
      place = end;
    }
    this.#left = place === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(place));
  }
}

function unmask(bytes: Buffer, maskAt: number, end: number): void {
  const first = bytes[maskAt] ?? 0;
  const second = bytes[maskAt + 1] ?? 0;
  const third = bytes[maskAt + 2] ?? 0;
  const fourth = bytes[maskAt + 3] ?? 0;
  let place = maskAt + 4;
  for (const last = end - 3; place < last; place += 4) {
    bytes[place] = (bytes[place] ?? 0) ^ first;
    bytes[place + 1] = (bytes[place + 1] ?? 0) ^ second;
    bytes[place + 2] = (bytes[place + 2] ?? 0) ^ third;
    bytes[place + 3] = (bytes[place + 3] ?? 0) ^ fourth;
  }
  for (let index = 0; place < end; place++, index++) bytes[place] = (bytes[place] ?? 0) ^ (bytes[maskAt + index] ?? 0);
}

const slabBytes = 256 * 1024;
const mostSpareSlabs = 8;

/** Writes a server's messages, many in one write. */
export class MessageWriter {
  readonly #socket: Duplex;
  #slab: Buffer = Buffer.allocUnsafeSlow(slabBytes);
  #used = 0;
  readonly #spare: Buffer[] = [];

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  get waitingBytes(): number {
    return this.#socket.writableLength + this.#used;
  }

  /** The place for a message of that many bytes, which the caller fills before it asks for the next. */
  place(code: number, bytes: number): Buffer {
    if (this.#used + bytes + 10 > this.#slab.length) this.flush(bytes + 10);
    const slab = this.#slab;
    let at = this.#used;
    slab[at++] = 0x80 | code;
    if (bytes < 126) slab[at++] = bytes;
    else if (bytes < 65_536) {
      slab[at++] = 126;
      at = slab.writeUInt16BE(bytes, at);
    } else {
      slab[at++] = 127;
      at = slab.writeBigUInt64BE(BigInt(bytes), at);
    }
    this.#used = at + bytes;
    return slab.subarray(at, this.#used);
  }

  flush(nextBytes = 0): void {
    if (this.#used === 0) return;
    const slab = this.#slab;
    this.#socket.write(slab.subarray(0, this.#used), () => {
      if (this.#spare.length < mostSpareSlabs) this.#spare.push(slab);
    });
    this.#used = 0;
    this.#slab = (nextBytes <= slabBytes ? this.#spare.pop() : undefined) ?? newSlab(nextBytes);
  }
}

const newSlab = (leastBytes: number): Buffer => Buffer.allocUnsafeSlow(Math.max(slabBytes, leastBytes));
