const smuxVersion = 1;
const smuxHeaderBytes = 8;
/** Peers send no longer ones, though they take any that 16 bits can count. */
export const mostDataBytes = 32_768;

export const smuxCommand = { syn: 0, fin: 1, push: 2, nop: 3 } as const;

/** Version, command, length and stream id; the numbers are little-endian. */
export function smuxHeader(command: number, streamId: number, dataBytes = 0): Buffer {
  const header = Buffer.allocUnsafe(smuxHeaderBytes);
  header[0] = smuxVersion;
  header[1] = command;
  header.writeUInt16LE(dataBytes, 2);
  header.writeUInt32LE(streamId, 4);
  return header;
}

export interface SmuxEvents {
  /** Data comes in as many pieces as it arrives in. */
  onData(streamId: number, piece: Buffer): void;
  onFin(streamId: number): void;
  onSyn(streamId: number): void;
  onNop(): void;
}

/** Reads frames out of a stream of bytes that is cut anywhere. */
export class SmuxReader {
  readonly #events: SmuxEvents;
  readonly #header: Buffer = Buffer.alloc(smuxHeaderBytes);
  #headerBytes = 0;
  #streamId = 0;
  #dataBytesLeft = 0;
  #isPush = false;

  constructor(events: SmuxEvents) {
    this.#events = events;
  }

  /** Throws a `RangeError` for what is no smux of version 1; there is no way to go on after it. */
  read(bytes: Buffer): void {
    let place = 0;
    while (place < bytes.length) {
      if (this.#dataBytesLeft > 0) {
        const end = Math.min(bytes.length, place + this.#dataBytesLeft);
        this.#dataBytesLeft -= end - place;
        if (this.#isPush) this.#events.onData(this.#streamId, bytes.subarray(place, end));
        place = end;
        continue;
      }
      const copied = bytes.copy(this.#header, this.#headerBytes, place);
      place += copied;
      this.#headerBytes += copied;
      if (this.#headerBytes === smuxHeaderBytes) this.#begin();
    }
  }

  #begin(): void {
    this.#headerBytes = 0;
    const command = this.#header.readUInt8(1);
    if (this.#header.readUInt8(0) !== smuxVersion || command > smuxCommand.nop)
      throw new RangeError("Not a frame of smux version 1.");
    this.#dataBytesLeft = this.#header.readUInt16LE(2);
    this.#streamId = this.#header.readUInt32LE(4);
    this.#isPush = command === smuxCommand.push;
    if (command === smuxCommand.fin) this.#events.onFin(this.#streamId);
    else if (command === smuxCommand.syn) this.#events.onSyn(this.#streamId);
    else if (command === smuxCommand.nop) this.#events.onNop();
  }
}
