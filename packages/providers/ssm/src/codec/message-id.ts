import { randomFillSync } from "node:crypto";

/** Fills a buffer with chance. Inject a seeded one in tests. */
export type FillRandom = (target: Uint8Array) => void;

export const systemFill: FillRandom = (target) => void randomFillSync(target);

const hex = Buffer.from("0123456789abcdef", "latin1");
const digitPairs = Buffer.alloc(512);
for (let byte = 0; byte < 256; byte++) {
  digitPairs[byte * 2] = hex[byte >> 4] ?? 0;
  digitPairs[byte * 2 + 1] = hex[byte & 15] ?? 0;
}

// Where the pairs of digits of UUID bytes 0 to 15 stand in its text.
const digitAt = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const hyphenAt = [8, 13, 18, 23];

/** On the wire the two halves of a UUID are swapped. Writes the 36 characters of the text form. */
export function writeIdText(target: Buffer, offset: number, frame: Buffer, wireOffset: number): void {
  for (let index = 0; index < 16; index++) {
    const pair = (frame[wireOffset + ((index + 8) & 15)] ?? 0) * 2;
    const place = offset + (digitAt[index] ?? 0);
    target[place] = digitPairs[pair] ?? 0;
    target[place + 1] = digitPairs[pair + 1] ?? 0;
  }
  for (const place of hyphenAt) target[offset + place] = 0x2d;
}

export function readMessageId(frame: Buffer, wireOffset: number): string {
  const text = Buffer.allocUnsafe(36);
  writeIdText(text, 0, frame, wireOffset);
  return text.toString("latin1");
}

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Throws a `RangeError` when the text is no UUID. */
export function writeMessageId(target: Buffer, wireOffset: number, id: string): void {
  if (!uuidText.test(id)) throw new RangeError("A message id is a UUID.");
  const bytes = Buffer.from(id.replaceAll("-", ""), "hex");
  bytes.copy(target, wireOffset, 8, 16);
  bytes.copy(target, wireOffset + 8, 0, 8);
}

const poolBytes = 4096;

/** Random message ids, drawn from the system a few hundred at a time. */
export class MessageIds {
  readonly #fill: FillRandom;
  readonly #pool: Buffer = Buffer.alloc(poolBytes);
  #used: number = poolBytes;

  constructor(fill: FillRandom = systemFill) {
    this.#fill = fill;
  }

  /** Writes a fresh version 4 UUID in wire order. */
  writeNext(target: Buffer, wireOffset: number): void {
    if (this.#used === poolBytes) {
      this.#fill(this.#pool);
      this.#used = 0;
    }
    // Four numbers at a time: a copy of so few bytes costs more in its call.
    for (let word = 0; word < 16; word += 4)
      target.writeInt32LE(this.#pool.readInt32LE(this.#used + word), wireOffset + word);
    this.#used += 16;
    // UUID bytes 8 (variant) and 6 (version) stand at 0 and 14 once the halves are swapped.
    target[wireOffset] = ((target[wireOffset] ?? 0) & 0x3f) | 0x80;
    target[wireOffset + 14] = ((target[wireOffset + 14] ?? 0) & 0x0f) | 0x40;
  }

  /** A fresh version 4 UUID as text. */
  nextText(): string {
    const wire = Buffer.allocUnsafe(16);
    this.writeNext(wire, 0);
    return readMessageId(wire, 0);
  }
}
