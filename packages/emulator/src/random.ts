/** Seeded randomness: the same seed and the same requests give the same keys, codes and faults. Not for secrets. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  integer(below: number): number;
  bytes(count: number): Uint8Array;
  /** Lower-case hexadecimal of `length` characters. */
  hex(length: number): string;
  /** Standard base64 of `byteCount` bytes. */
  base64(byteCount: number): string;
  uuid(): string;
  /** Decimal digits, the first one not zero. */
  digits(length: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  // mulberry32: small, fast, and good enough to spread faults and make identifiers.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => integer(256));
  const hex = (length: number): string =>
    Buffer.from(bytes(Math.ceil(length / 2)))
      .toString("hex")
      .slice(0, length);
  return {
    next,
    integer,
    bytes,
    hex,
    base64: (byteCount) => Buffer.from(bytes(byteCount)).toString("base64"),
    uuid() {
      const text = hex(32);
      const variant = "89ab"[integer(4)];
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`;
    },
    digits: (length) => `${1 + integer(9)}${Array.from({ length: length - 1 }, () => integer(10)).join("")}`,
  };
}
