// In the language alone: Node has this built in and browsers have it asynchronously, but reading a delivery must be possible
// everywhere and at once. FIPS 180-4.

/** The first 32 bits of the fractional parts of a root of the first primes, as the standard derives its constants. */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const found = new Uint32Array(count);
  let place = 0;
  for (let candidate = 2; place < count; candidate += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) if (candidate % divisor === 0) isPrime = false;
    if (isPrime) found[place++] = (root(candidate) % 1) * 2 ** 32;
  }
  return found;
}

const rounds = Int32Array.from(fractions(64, Math.cbrt));
const start = fractions(8, Math.sqrt);
const blockBytes = 64;

const turned = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));
/** A place that is within the array by construction. */
const at = (words: Int32Array, place: number): number => words[place] as number;

/** SHA-256 of these bytes: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const state = Int32Array.from(start);
  const words = new Int32Array(64);
  const wholeBlocks = bytes.length - (bytes.length % blockBytes);
  for (let from = 0; from < wholeBlocks; from += blockBytes) absorb(state, words, bytes, from);
  const rest = bytes.subarray(wholeBlocks);
  const end = new Uint8Array(rest.length + 9 > blockBytes ? 2 * blockBytes : blockBytes);
  end.set(rest);
  end[rest.length] = 0x80;
  const length = new DataView(end.buffer);
  length.setUint32(end.length - 8, Math.floor(bytes.length / 2 ** 29));
  length.setUint32(end.length - 4, (bytes.length << 3) >>> 0);
  for (let from = 0; from < end.length; from += blockBytes) absorb(state, words, end, from);
  const digest = new DataView(new ArrayBuffer(32));
  for (const [place, word] of state.entries()) digest.setInt32(4 * place, word);
  return new Uint8Array(digest.buffer);
}

function absorb(state: Int32Array, words: Int32Array, bytes: Uint8Array, from: number): void {
  for (let place = 0; place < 16; place += 1) {
    const byte = from + 4 * place;
    words[place] =
      ((bytes[byte] as number) << 24) |
      ((bytes[byte + 1] as number) << 16) |
      ((bytes[byte + 2] as number) << 8) |
      (bytes[byte + 3] as number);
  }
  for (let place = 16; place < 64; place += 1) {
    const early = at(words, place - 15);
    const late = at(words, place - 2);
    const mixed =
      (turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)) + (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10));
    words[place] = (mixed + at(words, place - 16) + at(words, place - 7)) | 0;
  }
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let place = 0; place < 64; place += 1) {
    const choice = (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g));
    const first = (h + choice + at(rounds, place) + at(words, place)) | 0;
    const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] = at(state, 0) + a;
  state[1] = at(state, 1) + b;
  state[2] = at(state, 2) + c;
  state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e;
  state[5] = at(state, 5) + f;
  state[6] = at(state, 6) + g;
  state[7] = at(state, 7) + h;
}

/** The bytes in hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  const digits: string[] = [];
  for (const byte of bytes) digits.push(byte.toString(16).padStart(2, "0"));
  return digits.join("");
}
