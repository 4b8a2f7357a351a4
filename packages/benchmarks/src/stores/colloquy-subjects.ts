import { join } from "node:path";
import { memoryStore, type StoreWithTranscripts } from "@colloquy/core";
import { sqliteStore } from "@colloquy/store-sqlite";
import { bareSubjects } from "./bare-subject.js";
import type { OpenSubject, StoreSubject } from "./subject.js";

function subjectOf(store: StoreWithTranscripts): StoreSubject {
  const { transcripts } = store;
  let now = 1_700_000_000_000;
  return {
    create: async (id, metadata) =>
      void (await transcripts.create({ id, createdAtMs: ++now, ...(metadata ? { metadata } : {}) })),
    append: (id, message) => transcripts.append(id, [message], { atMs: ++now }),
    appendMany: async (id, messages) => void (await transcripts.append(id, messages, { atMs: ++now })),
    async load(id) {
      const { messages, cursor } = await transcripts.page(id, { limit: 10_000 });
      if (cursor === undefined) return messages;
      const rest: unknown[] = [];
      for await (const message of transcripts.read(id, { afterSeq: cursor })) rest.push(message);
      return [...messages, ...rest];
    },
    newest: async (id, limit) => (await transcripts.page(id, { from: "newest", limit })).messages,
    copy: async (id, to) => void (await transcripts.copy(id, { id: to, atMs: ++now })),
    mergeMetadata: async (id, metadata) => void (await transcripts.update(id, { metadata }, { atMs: ++now })),
    metadata: async (id) => (await transcripts.get(id))?.metadata ?? {},
    async list(filter, after) {
      const where = Object.entries(filter).map(([path, equals]) => ({ path, equals }));
      const page = await transcripts.list({ where, limit: 50, ...(after === undefined ? {} : { after }) });
      return { count: page.conversations.length, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
    },
    search: async (text) => (await transcripts.search({ text, limit: 20 })).length,
    close: () => store.close(),
  };
}

const sqlite =
  (options: Omit<Exclude<Parameters<typeof sqliteStore>[0], string>, "path">): OpenSubject =>
  async (folder) => {
    const store = sqliteStore({ ...options, path: join(folder, "bench.db") });
    await store.open();
    return subjectOf(store);
  };

export const colloquySubjects: Readonly<Record<string, OpenSubject>> = {
  ...bareSubjects,
  Colloquy: sqlite({}),
  "Colloquy, words left to the search": sqlite({ searchIndex: "on_search" }),
  "Colloquy, full durability": sqlite({ durability: "full" }),
  "Colloquy, full durability, words left to the search": sqlite({ durability: "full", searchIndex: "on_search" }),
  "Colloquy, encrypted": async (folder) => {
    const store = sqliteStore({ path: join(folder, "bench.db"), secretKey: "made-up key of the bench" });
    await store.open();
    const subject = subjectOf(store);
    return {
      ...subject,
      create: async (id) =>
        void (await store.transcripts.create({ id, createdAtMs: 1_700_000_000_000, isEncrypted: true })),
    };
  },
  "Colloquy in memory": async () => {
    const store = memoryStore();
    await store.open();
    return subjectOf(store);
  },
};
