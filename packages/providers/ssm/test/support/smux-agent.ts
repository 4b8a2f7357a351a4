import type { TestAgent } from "./agent.js";

export interface FarStream {
  readonly id: number;
  received: Buffer;
  isFinished: boolean;
}

/** The agent's end of smux version 1, written apart from the package. */
export class SmuxAgent {
  readonly streams = new Map<number, FarStream>();
  readonly commands: string[] = [];
  nops = 0;
  onStream: ((stream: FarStream) => void) | undefined;
  onData: ((stream: FarStream, data: Buffer) => void) | undefined;
  onFin: ((stream: FarStream) => void) | undefined;
  readonly #agent: TestAgent;
  #bytes = Buffer.alloc(0);

  constructor(agent: TestAgent) {
    this.#agent = agent;
    const before = agent.onInput;
    agent.onInput = (frame) => {
      before?.(frame);
      if (frame.payloadType === 1) this.#read(frame.payload);
    };
  }

  send(id: number, data: Buffer, frameBytes = 32_768): void {
    for (let from = 0; from < data.length; from += frameBytes) {
      const piece = data.subarray(from, from + frameBytes);
      this.#agent.output(Buffer.concat([header(2, piece.length, id), piece]));
    }
  }

  fin(id: number): void {
    this.#agent.output(header(1, 0, id));
  }

  raw(bytes: Buffer): void {
    this.#agent.output(bytes);
  }

  #read(payload: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, payload]);
    for (;;) {
      if (this.#bytes.length < 8) return;
      const [version, command] = this.#bytes;
      const length = this.#bytes[2]! + this.#bytes[3]! * 256;
      const id = [7, 6, 5, 4].reduce((sum, place) => sum * 256 + this.#bytes[place]!, 0);
      if (version !== 1) throw new Error(`smux version ${version}`);
      if (this.#bytes.length < 8 + length) return;
      const data = Buffer.from(this.#bytes.subarray(8, 8 + length));
      this.#bytes = this.#bytes.subarray(8 + length);
      this.#take(command!, id, data);
    }
  }

  #take(command: number, id: number, data: Buffer): void {
    this.commands.push(`${["SYN", "FIN", "PSH", "NOP"][command]} ${id}`);
    if (command === 3) this.nops++;
    if (command === 0) {
      const stream = { id, received: Buffer.alloc(0), isFinished: false };
      this.streams.set(id, stream);
      this.onStream?.(stream);
    }
    const stream = this.streams.get(id);
    if (command === 2 && stream) {
      stream.received = Buffer.concat([stream.received, data]);
      this.onData?.(stream, data);
    }
    if (command === 1 && stream) {
      stream.isFinished = true;
      this.onFin?.(stream);
    }
  }
}

function header(command: number, length: number, id: number): Buffer {
  return Buffer.from([
    1,
    command,
    length & 255,
    length >> 8,
    id & 255,
    (id >> 8) & 255,
    (id >> 16) & 255,
    (id >>> 24) & 255,
  ]);
}
