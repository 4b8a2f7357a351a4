/** Commands of smux version 1. */
export const smux = { syn: 0, fin: 1, push: 2 } as const;
const headerBytes = 8;
/** As peers send it at most. */
const pieceBytes = 32_768;

export function smuxHeader(command: number, stream: number, bytes = 0): Buffer {
  const header = Buffer.alloc(headerBytes);
  header[0] = 1;
  header[1] = command;
  header.writeUInt16LE(bytes, 2);
  header.writeUInt32LE(stream, 4);
  return header;
}

/** Counts what comes on each stream, out of a stream of bytes that is cut anywhere. */
export class SmuxCounter {
  readonly #header: Buffer = Buffer.alloc(headerBytes);
  #have = 0;
  #left = 0;
  readonly #onCommand: (command: number, stream: number, bytes: number) => void;

  constructor(onCommand: (command: number, stream: number, bytes: number) => void) {
    this.#onCommand = onCommand;
  }

  read(bytes: Buffer): void {
    let place = 0;
    while (place < bytes.length) {
      const skipped = Math.min(this.#left, bytes.length - place);
      this.#left -= skipped;
      place += skipped;
      if (this.#left > 0 || place === bytes.length) return;
      const copied = bytes.copy(this.#header, this.#have, place);
      this.#have += copied;
      place += copied;
      if (this.#have < headerBytes) return;
      this.#have = 0;
      this.#left = this.#header.readUInt16LE(2);
      this.#onCommand(this.#header[1] ?? 0, this.#header.readUInt32LE(4), this.#left);
    }
  }
}

/** Streams of bytes, turn by turn, as one stream of smux. */
export class SmuxSource {
  readonly #streams: { readonly id: number; left: number }[] = [];
  readonly #block: Buffer;
  #pieces: Buffer[] = [];

  constructor(block: Buffer) {
    this.#block = block.subarray(0, pieceBytes);
  }

  open(id: number, bytes: number): void {
    this.#streams.push({ id, left: bytes });
  }

  /** Fills the target as far as there is something; answers how far. */
  fill(target: Buffer): number {
    let filled = 0;
    while (filled < target.length) {
      const piece = this.#pieces[0] ?? this.#next();
      if (!piece) break;
      const copied = piece.copy(target, filled);
      filled += copied;
      if (copied === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(copied);
    }
    return filled;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0 && this.#streams.length === 0;
  }

  #next(): Buffer | undefined {
    const stream = this.#streams.shift();
    if (!stream) return undefined;
    const bytes = Math.min(stream.left, this.#block.length);
    stream.left -= bytes;
    this.#pieces = [smuxHeader(smux.push, stream.id, bytes), this.#block.subarray(0, bytes)];
    if (stream.left > 0) this.#streams.push(stream);
    else this.#pieces.push(smuxHeader(smux.fin, stream.id));
    return this.#pieces[0];
  }
}
