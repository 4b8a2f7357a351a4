import { isColloquyError, type NewLogEntry, type SessionRecord, type Store } from "@colloquy/core";
import { newRecord } from "../../src/store/samples.js";
import type { Fault } from "./fault.js";

async function saveAnyway(base: Store, record: SessionRecord, entries: readonly NewLogEntry[]): Promise<SessionRecord> {
  for (;;) {
    const stored = await base.records.get(record.id);
    try {
      return await base.records.save({ ...record, revision: stored?.revision ?? 0 }, entries);
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "STORE_CONFLICT") throw error;
    }
  }
}

export const recordFaults: readonly Fault[] = [
  {
    name: "counts revisions from 0",
    fails: ["creates a record with revision 1 and gives it back whole"],
    tamper: (base) => ({
      records: {
        create: async (record, entries) => ({ ...(await base.records.create(record, entries)), revision: 0 }),
      },
    }),
  },
  {
    name: "fills in what is absent",
    fails: ["keeps a record without its optional fields"],
    tamper: (base) => ({
      records: { create: (record, entries) => base.records.create({ name: "", ...record }, entries) },
    }),
  },
  {
    name: "gives an empty record for an unknown id",
    fails: ["gives nothing for a session that it does not hold"],
    tamper: (base) => ({
      records: { get: async (id) => (await base.records.get(id)) ?? { ...newRecord(id), revision: 0 } },
    }),
  },
  {
    name: "overwrites a session that is created again",
    fails: [
      "refuses to create an id twice, and keeps the first",
      "lets exactly one of many concurrent creations of an id win",
    ],
    tamper: (base) => ({
      records: {
        create(record, entries) {
          void base.records.remove(record.id);
          return base.records.create(record, entries);
        },
      },
    }),
  },
  {
    name: "merges a saved record into the stored one",
    fails: ["replaces a record that is saved with the revision it has, and counts the revision up"],
    tamper: (base) => ({
      records: {
        save: async (record, entries) =>
          base.records.save({ ...(await base.records.get(record.id)), ...record }, entries),
      },
    }),
  },
  {
    name: "saves whatever revision is named (lost update)",
    fails: [
      "refuses a save with an old revision, and keeps neither the record nor the log of it",
      "refuses a save with a revision that is yet to come",
      "lets exactly one of many concurrent saves of a revision win, with its log entries and no others",
      "loses no update when every writer that meets a conflict reads again",
    ],
    tamper: (base) => ({ records: { save: (record, entries) => saveAnyway(base, record, entries) } }),
  },
  {
    name: "keeps the log of a save that it refused (not atomic)",
    fails: [
      "refuses a save with an old revision, and keeps neither the record nor the log of it",
      "lets exactly one of many concurrent saves of a revision win, with its log entries and no others",
    ],
    tamper: (base) => ({
      records: {
        async save(record, entries) {
          try {
            return await base.records.save(record, entries);
          } catch (error) {
            const stored = await base.records.get(record.id);
            if (stored) await base.records.save(stored, entries);
            throw error;
          }
        },
      },
    }),
  },
  {
    name: "creates a session that is saved after it is gone",
    fails: ["refuses to save a session that it does not hold"],
    tamper: (base) => ({
      records: {
        async save(record: SessionRecord, entries) {
          try {
            return await base.records.save(record, entries);
          } catch (error) {
            if (isColloquyError(error) && error.code === "SESSION_NOT_FOUND")
              return base.records.create(record, entries);
            throw error;
          }
        },
      },
    }),
  },
];
