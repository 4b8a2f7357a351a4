/** A frame that came before its turn, or before anybody could take it. */
export interface HeldFrame {
  /** The whole frame while it is not acknowledged: its sender still keeps a copy and sends it again. */
  readonly frame: Buffer | undefined;
  readonly payloadType: number;
  readonly payload: Buffer;
  /** False: the payload may have to be decrypted first. */
  readonly isPlain: boolean;
}

export interface OrderBufferOptions {
  readonly frames: number;
  readonly bytes: number;
  /** The sequence number that comes next. Default 0. */
  readonly expected?: number;
}

/** Puts frames in order. Bounded: what does not fit is refused and not acknowledged, so its sender keeps it. */
export class OrderBuffer {
  readonly #limits: OrderBufferOptions;
  readonly #slots: (HeldFrame | undefined)[];
  #expected: number;
  #count = 0;
  #bytes = 0;

  constructor(limits: OrderBufferOptions) {
    this.#limits = limits;
    this.#slots = Array.from({ length: limits.frames });
    this.#expected = limits.expected ?? 0;
  }

  /** The sequence number of the frame whose turn it is. */
  get expected(): number {
    return this.#expected;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The frame whose turn it is went straight through. */
  advance(): void {
    this.#expected++;
  }

  held(sequence: number): HeldFrame | undefined {
    return this.#isInReach(sequence) ? this.#slots[sequence % this.#limits.frames] : undefined;
  }

  hasRoomFor(sequence: number, payload: Buffer): boolean {
    if (!this.#isInReach(sequence)) return false;
    // The frame whose turn it is always fits: otherwise a full buffer would wait for ever.
    return sequence === this.#expected || this.#bytes + payload.length <= this.#limits.bytes;
  }

  hold(sequence: number, held: HeldFrame): void {
    this.#slots[sequence % this.#limits.frames] = held;
    this.#count++;
    this.#bytes += held.payload.length;
  }

  /** Forgets a frame that cannot be used; its sender has another copy. */
  discard(sequence: number): void {
    const slot = sequence % this.#limits.frames;
    const held = this.#slots[slot];
    if (held === undefined) return;
    this.#slots[slot] = undefined;
    this.#count--;
    this.#bytes -= held.payload.length;
  }

  #isInReach(sequence: number): boolean {
    return sequence >= this.#expected && sequence < this.#expected + this.#limits.frames;
  }
}

/** A view of a large read keeps all of it alive, so a payload that is to wait is copied out of it. */
export function detached(bytes: Buffer): Buffer {
  return bytes.buffer.byteLength > 2 * bytes.length + 512 ? Buffer.from(bytes) : bytes;
}
