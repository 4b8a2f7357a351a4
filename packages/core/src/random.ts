/** Uniform in [0, 1). Inject a seeded one in tests. */
export type Random = () => number;

export const systemRandom: Random = Math.random;

/** Seeded generator (mulberry32): the same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** `prefix_` and 26 characters: 10 of time, 16 of chance. Sorts by time of minting. */
export function mintId(prefix: string, nowMs: number, random: Random): string {
  let time = "";
  for (let left = nowMs, place = 0; place < 10; place++, left = Math.floor(left / 32))
    time = alphabet.charAt(left % 32) + time;
  let chance = "";
  for (let place = 0; place < 16; place++) chance += alphabet.charAt(Math.floor(random() * 32));
  return `${prefix}_${time}${chance}`;
}
