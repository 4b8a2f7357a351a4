import { memoryStore, type Store } from "@colloquy/core";
import { type Fault, fullManifest } from "./fault.js";

export const lifetimeFaults: readonly Fault[] = [
  {
    name: "promises something else than it said",
    fails: ["states the manifest that the suite was given"],
    tamper: () => ({ manifest: { ...fullManifest, durability: "power" } }),
  },
  {
    name: "begins afresh each time it is opened",
    fails: ["opens once, however often it is told to"],
    tamper: () => {
      let inner: Store;
      return {
        async open() {
          inner = memoryStore();
          await inner.open();
        },
        records: { create: (...given) => inner.records.create(...given), get: (id) => inner.records.get(id) },
      };
    },
  },
  {
    name: "cannot be closed twice",
    fails: ["closes once, however often it is told to"],
    tamper: (base) => {
      let isClosed = false;
      return {
        async close() {
          if (isClosed) throw new Error("closed already");
          isClosed = true;
          await base.close();
        },
      };
    },
  },
  {
    name: "works on after it was closed",
    fails: ["refuses to work once it is closed"],
    tamper: () => ({ close: async () => {} }),
  },
  {
    name: "begins empty when it is opened anew",
    fails: [
      "gives everything back after it was closed and opened anew",
      "goes on counting, comparing and recognising after it was opened anew",
    ],
    tamperReopened: () => memoryStore(),
  },
  {
    name: "forgets, when it is opened anew, which occurrences it has seen",
    fails: ["goes on counting, comparing and recognising after it was opened anew"],
    tamperReopened: (base) => ({
      inbox: {
        add: (rows) => base.inbox.add(rows.map((row) => ({ ...row, occurrenceId: `${row.occurrenceId} again` }))),
      },
    }),
  },
  {
    name: "shows another opening what it read first",
    fails: ["shows the writes of one opening to another"],
    tamper: (base) => {
      const known = new Map<string, ReturnType<Store["records"]["get"]>>();
      const create: Store["records"]["create"] = async (record, entries) => {
        const created = await base.records.create(record, entries);
        known.set(record.id, Promise.resolve(created));
        return created;
      };
      return { records: { create, get: (id) => known.get(id) ?? base.records.get(id) } };
    },
  },
  {
    name: "compares revisions within one opening only",
    fails: ["lets exactly one win when two openings race"],
    tamperReopened: (base) => ({
      records: {
        async save(record, entries) {
          const stored = await base.records.get(record.id);
          return base.records.save({ ...record, revision: stored?.revision ?? 0 }, entries);
        },
      },
    }),
  },
  {
    name: "numbers messages within one opening only",
    fails: ["numbers messages without gaps when two openings add at once"],
    tamperReopened: (base) => ({
      outbox: {
        list: async (id, query) =>
          (await base.outbox.list(id, query)).map((row) => ({ ...row, seq: row.id.startsWith("msg_b") ? 1 : row.seq })),
      },
    }),
  },
];
