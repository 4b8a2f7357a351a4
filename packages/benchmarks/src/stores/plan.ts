/** A figure that we ask of ourselves: the most that it may be, or the least where `isLeast`. */
export interface StoreBar {
  readonly job: string;
  readonly subject: string;
  readonly figure: string;
  readonly limit: number;
  readonly isLeast?: boolean;
  /** The figure of this store in the same run is taken for one. */
  readonly relativeTo?: string;
}

export const jobTitles: Readonly<Record<string, string>> = {
  append: "20 messages for each of 1,000 conversations, one at a time; then one conversation of 10,000",
  together: "64 callers append at once",
  processes: "4 processes append to one conversation of one file",
  list: "the newest 50 of 100,000 conversations",
  search: "the best 20 of 200,000 messages",
  merges: "20 changes of different metadata keys at once",
  install: "what an installation needs",
};

const sqlite = "Colloquy";
const full = "Colloquy, full durability";
const fullLazy = "Colloquy, full durability, words left to the search";
const lazy = "Colloquy, words left to the search";
const memory = "Colloquy in memory";
const bare = "libsql alone";
const bareFull = "libsql alone, full durability";
const agents = "OpenAI Agents MemorySession";

/** Which stores do which job, ours first. */
export const plan: Readonly<Record<string, readonly string[]>> = {
  append: [
    sqlite,
    lazy,
    full,
    "Colloquy, encrypted",
    memory,
    bare,
    "Mastra libsql",
    "LangChain file history",
    agents,
    "chat state-memory",
  ],
  together: [sqlite, full, fullLazy, bareFull, "Mastra libsql", "LangChain file history"],
  processes: [sqlite, bare, "Mastra libsql"],
  list: [sqlite, memory, "Mastra libsql"],
  search: [sqlite],
  merges: [sqlite, memory, "Mastra libsql"],
};

export const bars: readonly StoreBar[] = [
  { job: "append", subject: lazy, figure: "appendsPerSecond", limit: 15_000, isLeast: true },
  { job: "append", subject: sqlite, figure: "appendsPerSecond", limit: 10_000, isLeast: true },
  // What was asked for, over what libsql alone or the peer did where it was asked: the same on any machine.
  { job: "append", subject: lazy, figure: "appendsPerSecond", relativeTo: bare, limit: 0.77, isLeast: true },
  { job: "append", subject: sqlite, figure: "appendsPerSecond", relativeTo: bare, limit: 0.52, isLeast: true },
  { job: "append", subject: memory, figure: "appendsPerSecond", limit: 200_000, isLeast: true },
  { job: "append", subject: memory, figure: "appendsPerSecond", relativeTo: agents, limit: 0.98, isLeast: true },
  // As the single appends without the words: what a commit for many costs.
  { job: "together", subject: fullLazy, figure: "appendsPerSecond", limit: 20_000, isLeast: true },
  { job: "together", subject: fullLazy, figure: "appendsPerSecond", relativeTo: bareFull, limit: 0.55, isLeast: true },
  { job: "together", subject: fullLazy, figure: "lost", limit: 0 },
  { job: "together", subject: full, figure: "lost", limit: 0 },
  { job: "append", subject: sqlite, figure: "growth", limit: 1.5 },
  { job: "append", subject: sqlite, figure: "loadMs", limit: 25 },
  { job: "append", subject: sqlite, figure: "newestMs", limit: 0.5 },
  { job: "append", subject: sqlite, figure: "copyMs", limit: 100 },
  { job: "list", subject: sqlite, figure: "listMs", limit: 5 },
  { job: "list", subject: sqlite, figure: "listCommonMs", limit: 5 },
  { job: "list", subject: sqlite, figure: "listRareMs", limit: 5 },
  { job: "list", subject: sqlite, figure: "farPageMs", limit: 1 },
  { job: "processes", subject: sqlite, figure: "appendsPerSecond", limit: 8_000, isLeast: true },
  { job: "processes", subject: sqlite, figure: "appendsPerSecond", relativeTo: bare, limit: 0.6, isLeast: true },
  { job: "processes", subject: sqlite, figure: "lost", limit: 0 },
  { job: "processes", subject: sqlite, figure: "failed", limit: 0 },
  { job: "merges", subject: sqlite, figure: "keysKept", limit: 20, isLeast: true },
  { job: "search", subject: sqlite, figure: "searchRareMs", limit: 5 },
  { job: "search", subject: sqlite, figure: "searchTwoMs", limit: 5 },
  { job: "search", subject: sqlite, figure: "searchPhraseMs", limit: 5 },
  { job: "search", subject: sqlite, figure: "searchCommonMs", limit: 5 },
  { job: "install", subject: "Colloquy on Node 20", figure: "megabytes", limit: 20 },
  { job: "install", subject: "Colloquy on Node 20", figure: "seconds", limit: 3 },
];
