/** smux version 1: version, command, length and stream id (both little-endian), then the bytes. */
export const smuxCommand = { syn: 0, fin: 1, push: 2, nop: 3 } as const;

const headerBytes = 8;
const version = 1;
/** How much one push carries, as the genuine peers send it; anything a length can say is read. */
export const pushBytes = 32_768;

export interface SmuxFrame {
  command: number;
  streamId: number;
  bytes: Buffer;
}

export function smuxFrame(command: number, streamId: number, bytes: Uint8Array = new Uint8Array(0)): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + bytes.length);
  frame[0] = version;
  frame[1] = command;
  frame.writeUInt16LE(bytes.length, 2);
  frame.writeUInt32LE(streamId, 4);
  frame.set(bytes, headerBytes);
  return frame;
}

/** Takes the byte stream in pieces of any size and gives back whole frames. */
export interface SmuxReader {
  /** Null when the stream is not smux version 1: the peers give the whole session up then. */
  read(bytes: Buffer): SmuxFrame[] | null;
}

export function smuxReader(): SmuxReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    read(bytes) {
      let buffer = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const frames: SmuxFrame[] = [];
      while (buffer.length >= headerBytes) {
        const command = buffer[1] ?? 0;
        if (buffer[0] !== version || command > smuxCommand.nop) return null;
        const end = headerBytes + buffer.readUInt16LE(2);
        if (buffer.length < end) break;
        frames.push({ command, streamId: buffer.readUInt32LE(4), bytes: buffer.subarray(headerBytes, end) });
        buffer = buffer.subarray(end);
      }
      // A copy: the piece belongs to a larger buffer that should go.
      rest = Buffer.from(buffer);
      return frames;
    },
  };
}
