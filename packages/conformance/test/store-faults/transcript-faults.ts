import type { Conversation, Store, TranscriptMessage, TranscriptStore } from "@colloquy/core";
import { type Fault, otherTurns, type Tampering } from "./fault.js";

export const transcripts =
  (change: (base: TranscriptStore, store: Store) => Partial<TranscriptStore>) =>
  (store: Store): Tampering => ({ transcripts: change(store.transcripts as TranscriptStore, store) });

const later = { atMs: 1_700_000_000_001 };

/** Mistakes in what is written. */
export const transcriptFaults: readonly Fault[] = [
  {
    name: "fills a conversation in",
    fails: ["creates a conversation with revision 1 and gives it back whole"],
    tamper: transcripts(({ create }) => ({ create: (given) => create({ title: "New chat", ...given }) })),
  },
  {
    name: "creates a conversation over another",
    fails: ["refuses to create a conversation twice, and one with an id that is none"],
    tamper: transcripts(({ create, remove }) => ({
      create(given) {
        void remove(given.id);
        return create(given);
      },
    })),
  },
  {
    name: "takes any text for an id",
    fails: ["refuses to create a conversation twice, and one with an id that is none"],
    tamper: transcripts(({ create }) => ({
      create: (given) => create({ ...given, id: given.id.replaceAll(/[\p{Cc}\p{Cs}]/gu, "_").slice(0, 256) || "_" }),
    })),
  },
  {
    name: "replaces a nested object of metadata whole",
    fails: ["merges metadata and context key by key, nested ones too, and removes a key by null"],
    tamper: transcripts(({ get, update }) => ({
      async update(id, change, options) {
        const customer = ((await get(id))?.metadata["customer"] ?? {}) as Record<string, never>;
        const emptied = Object.fromEntries(Object.keys(customer).map((key) => [key, null]));
        const nested = change.metadata?.["customer"] as Record<string, never> | undefined;
        const metadata = { ...change.metadata, ...(nested ? { customer: { ...emptied, ...nested } } : {}) };
        return update(id, { ...change, metadata: { ...metadata, note: 1 } }, options);
      },
    })),
  },
  {
    name: "reads metadata, merges and writes it in steps (not atomic)",
    fails: [
      "keeps every key of concurrent metadata changes",
      "loses nothing when two openings append and change at once",
    ],
    tamper: transcripts(({ get, update }) => {
      const written = new Map<string, Conversation["metadata"]>();
      const read = async (id: string): Promise<Conversation | undefined> => {
        const stored = await get(id);
        return stored && { ...stored, metadata: written.get(id) ?? stored.metadata };
      };
      return {
        get: read,
        async update(id, change, options) {
          const before = await read(id);
          await otherTurns();
          written.set(id, { ...before?.metadata, ...change.metadata });
          return update(id, change, options);
        },
      };
    }),
  },
  {
    name: "does not look at the revision that a change names",
    fails: [
      "lets exactly one change of a revision win, and appends disturb none",
      "removes and pops messages, gives them back, and never gives their numbers again",
    ],
    tamper: transcripts(({ update, pop }) => ({
      update: (id, change, { atMs }) => update(id, change, { atMs }),
      pop: (id, count, { atMs }) => pop(id, count, { atMs }),
    })),
  },
  {
    name: "counts an append as a change of the conversation",
    fails: ["lets exactly one change of a revision win, and appends disturb none"],
    tamper: transcripts(({ append, update }) => ({
      async append(id, messages, options) {
        const rows = await append(id, messages, options);
        await update(id, {}, options);
        return rows;
      },
    })),
  },
  {
    name: "keeps the conversations of a session that was removed",
    fails: ["removes a conversation with its messages, and with its session"],
    tamper: transcripts(({ create }, { records }) => ({
      async create({ sessionId, ...given }) {
        if (sessionId !== undefined && !(await records.get(sessionId))) await records.remove(sessionId);
        return create(given);
      },
    })),
  },
  {
    name: "sweeps everything at once",
    fails: ["sweeps what has expired and what was left alone too long, in bounded batches"],
    tamper: transcripts(({ sweep }) => ({ sweep: ({ limit: _ignored, ...options }) => sweep(options) })),
  },
  {
    name: "appends the messages of a call one by one (not atomic)",
    fails: ["loses no append when calls race, and numbers them without gaps"],
    tamper: transcripts(({ append }) => ({
      async append(id, messages, options) {
        const rows: TranscriptMessage[] = [];
        for (const message of messages) {
          rows.push(...(await append(id, [message], options)));
          await otherTurns();
        }
        return rows;
      },
    })),
  },
  {
    name: "drops what it does not know of a message",
    fails: ["numbers messages from 1 for each conversation and gives them back whole"],
    tamper: transcripts(({ append }) => ({
      append: (id, messages, options) =>
        append(
          id,
          messages.map(({ toolCalls: _dropped, ...message }) => message),
          options,
        ),
    })),
  },
  {
    name: "answers with the message given instead of the one it has",
    fails: ["leaves a message alone whose id the conversation has, and gives back the one it has"],
    tamper: transcripts(({ append }) => ({
      append: async (id, messages, options) =>
        (await append(id, messages, options)).map((row, index) => ({ ...row, ...messages[index] })),
    })),
  },
  {
    name: "believes an operation without looking at its messages",
    fails: ["repeats an operation without effect, and refuses its id for other messages"],
    tamper: transcripts(({ append }) => ({
      append: (id, messages, { atMs }) => append(id, messages, { atMs }),
    })),
  },
  {
    name: "keeps only the last piece of a message that grows",
    fails: ["lets a streaming message grow without disturbing anybody, and settles it"],
    tamper: transcripts(({ change }) => ({
      change: (id, messageId, { appendText, ...given }, options) =>
        change(id, messageId, appendText === undefined ? given : { content: appendText }, options),
    })),
  },
  {
    name: "edits whatever revision of a message is named",
    fails: ["edits a message of the revision named, and finds it by its new words"],
    tamper: transcripts(({ change }) => ({
      change: (id, messageId, given, { atMs }) => change(id, messageId, given, { atMs }),
    })),
  },
  {
    name: "gives the number of a removed message again",
    fails: ["removes and pops messages, gives them back, and never gives their numbers again"],
    tamper: transcripts(({ append }) => ({
      append: async (id, messages, options) =>
        (await append(id, messages, options)).map((row) => ({ ...row, seq: Math.min(row.seq, 5) })),
    })),
  },
  {
    name: "keeps the very object that it was given (alias)",
    fails: ["keeps what it was given and hands out copies of it"],
    tamper: transcripts(({ create, get }) => {
      const given = new Map<string, Conversation>();
      return {
        async create(conversation) {
          const made = await create(conversation);
          given.set(made.id, { ...made, ...conversation });
          return made;
        },
        get: async (id) => given.get(id) ?? get(id),
      };
    }),
  },
  {
    name: "copies a conversation together with its lineage",
    fails: ["copies a conversation with its messages, and the copy lives on its own"],
    tamper: transcripts(({ copy }) => ({ copy: async (id, target) => ({ ...(await copy(id, target)), lineage: {} }) })),
  },
  {
    name: "forks one message too far",
    fails: ["forks a conversation at a message, which goes on from there"],
    tamper: transcripts(({ fork }) => ({ fork: (id, seq, target) => fork(id, seq + 1, target) })),
  },
  {
    name: "merges conversations one after the other, whatever the time",
    fails: ["merges conversations by time, each in its own order, and reports what was missing"],
    tamper: transcripts(({ merge, read }) => ({
      merge,
      async *read(id, query) {
        const messages: TranscriptMessage[] = [];
        for await (const message of read(id, query)) messages.push(message);
        yield* messages.toSorted((one, other) => ((one.sourceId ?? "") < (other.sourceId ?? "") ? -1 : 1));
      },
    })),
  },
  {
    name: "leaves out without a word what it could not merge",
    fails: ["merges conversations by time, each in its own order, and reports what was missing"],
    tamper: transcripts(({ merge }) => ({
      merge: async (...call) => ({ ...(await merge(...call)), missing: [] }),
    })),
  },
  {
    name: "finds an encrypted conversation by its words",
    fails: ["hides an encrypted conversation from filters and search, and gives it whole to who names it"],
    tamper: transcripts(({ create }) => ({ create: (given) => create({ ...given, isEncrypted: false }) })),
  },
  {
    name: "stores an encrypted conversation as it is",
    fails: ["leaves nothing of an encrypted conversation readable in what is stored"],
    stored: async ({ open, transcripts: base }) => {
      await open();
      return [Buffer.from(JSON.stringify(await base?.get("cnv_1")))];
    },
  },
  {
    name: "forgets the operations when it is closed",
    fails: ["gives transcripts back after it was closed and opened anew, and goes on counting"],
    tamperReopened: transcripts(({ append }) => ({
      append: (id, messages) =>
        append(
          id,
          messages.map((message) => ({ ...message, id: `${message.id}_again` })),
          later,
        ),
    })),
  },
];
