import type { Store } from "@colloquy/core";
import { newRecord } from "../../src/store/samples.js";
import type { Fault, Tampering } from "./fault.js";

const cascadeTitle = "removes with a session its log, outbox, inbox and secrets, and of no other";

/** Forgets the record of a removed session, and finds again what `leave` kept of it when the id comes back. */
const leaving =
  (leave: (base: Store, id: string) => Promise<() => Promise<unknown>>) =>
  (base: Store): Tampering => {
    const left = new Map<string, () => Promise<unknown>>();
    return {
      records: {
        async remove(id) {
          left.set(id, await leave(base, id));
          return base.records.remove(id);
        },
        async create(record, entries) {
          const created = await base.records.create(record, entries);
          await left.get(record.id)?.();
          return created;
        },
      },
    };
  };

const reading =
  (read: (base: Store["log"]["read"]) => Store["log"]["read"]) =>
  (base: Store): Tampering => ({ log: { read: read(base.log.read) } });

export const keepingFaults: readonly Fault[] = [
  {
    name: "says that it removed what it did not have",
    fails: ["removes a session once"],
    tamper: (base) => ({ records: { remove: async (id) => (await base.records.remove(id)) || true } }),
  },
  {
    name: "leaves secrets behind a removed session",
    fails: [cascadeTitle],
    tamper: leaving(async (base, id) => {
      const secrets = await base.secrets.get(id);
      return () => base.secrets.put(id, secrets);
    }),
  },
  {
    name: "leaves the outbox behind a removed session",
    fails: [cascadeTitle],
    tamper: leaving(async (base, id) => {
      const rows = await base.outbox.list(id);
      return () => base.outbox.add(rows);
    }),
  },
  {
    name: "leaves the inbox behind a removed session",
    fails: [cascadeTitle],
    tamper: leaving(async (base, id) => {
      const rows = await base.inbox.pending(id);
      return () => base.inbox.add(rows);
    }),
  },
  {
    name: "makes a session of whatever arrives for one that is gone",
    fails: ["takes nothing for a session that it does not hold"],
    tamper: (base) => ({
      inbox: {
        async add(rows) {
          for (const { sessionId } of rows)
            if (!(await base.records.get(sessionId))) await base.records.create(newRecord(sessionId), []);
          return base.inbox.add(rows);
        },
      },
    }),
  },
  {
    name: "fails to answer about a session that is gone",
    fails: ["answers with nothing about a session that it does not hold"],
    tamper: reading((read) => async (id, query) => {
      const entries = await read(id, query);
      if (entries.length === 0) throw new Error("no such session");
      return entries;
    }),
  },
  {
    name: "leaves gaps in the numbers of the log",
    fails: [
      "numbers the log of each session from 1, over its creation and its saves",
      "numbers the log without gaps when saves race",
    ],
    tamper: reading(
      (read) => async (id, query) => (await read(id, query)).map((entry) => ({ ...entry, seq: entry.seq * 2 })),
    ),
  },
  {
    name: "reads the log again from the number named",
    fails: ["reads the log oldest first, after a number and up to a limit"],
    tamper: reading(
      (read) =>
        (id, { afterSeq = 0, ...query } = {}) =>
          read(id, { ...query, afterSeq: Math.max(0, afterSeq - 1) }),
    ),
  },
  {
    name: "reads the whole log at once",
    fails: ["reads 1,000 entries of the log when no limit is named"],
    tamper: reading((read) => (id, query) => read(id, { limit: 1_000_000, ...query })),
  },
];
