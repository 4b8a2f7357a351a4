/** Ours and what they stand on, by the names that rows have. The peers are the rest. */
export const colloquyNames: ReadonlySet<string> = new Set([
  "Colloquy",
  "Colloquy, words left to the search",
  "Colloquy, full durability",
  "Colloquy, full durability, words left to the search",
  "Colloquy, encrypted",
  "Colloquy in memory",
  "libsql alone",
]);
