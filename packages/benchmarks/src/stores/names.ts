/** Ours and what they stand on, by the names that rows have. The peers are the rest. */
export const colloquyNames: ReadonlySet<string> = new Set([
  "Colloquy",
  "Colloquy, words left to the search",
  "Colloquy, full durability",
  "Colloquy, full durability, words left to the search",
  "Colloquy, encrypted",
  "Colloquy in memory",
  "Colloquy on Node 20",
  "Colloquy on Node 22.13 and later",
  "libsql alone",
  "libsql alone, full durability",
]);

/** These keep nothing when the process ends: they are compared with each other only. */
export const memoryNames: ReadonlySet<string> = new Set([
  "Colloquy in memory",
  "OpenAI Agents MemorySession",
  "chat state-memory",
]);
