import type { InboxRow, OutboxRow, SendReceipt, SessionRecord, Store } from "@colloquy/core";
import type { Fault } from "./fault.js";

/** Gives the same object for the same thing, as a store does that hands out what it keeps. */
function remembered<T>(): (key: string, value: T) => T {
  const known = new Map<string, T>();
  return (key, value) => {
    if (!known.has(key)) known.set(key, value);
    return known.get(key) as T;
  };
}

export const valueFaults: readonly Fault[] = [
  {
    name: "keeps the very object that it was given (alias)",
    fails: ["keeps what it was given, whatever the caller does to it afterwards"],
    tamper: (base) => {
      const given = new Map<string, Parameters<Store["records"]["create"]>[0]>();
      return {
        records: {
          create(record, entries) {
            given.set(record.id, record);
            return base.records.create(record, entries);
          },
          async get(id) {
            const stored = await base.records.get(id);
            return stored && { ...stored, ...given.get(id) };
          },
        },
      };
    },
  },
  {
    name: "hands out the record that it keeps (alias)",
    fails: ["hands out records that the caller may change without changing the store"],
    tamper: (base) => {
      const same = remembered<SessionRecord | undefined>();
      return { records: { get: async (id) => same(id, await base.records.get(id)) } };
    },
  },
  {
    name: "hands out the message that it keeps (alias)",
    fails: ["hands out messages that the caller may change without changing the store"],
    tamper: (base) => {
      const same = remembered<OutboxRow | undefined>();
      return { outbox: { get: async (sessionId, id) => same(id, await base.outbox.get(sessionId, id)) } };
    },
  },
  {
    name: "keeps the very receipt that a move was given (alias)",
    fails: ["keeps what a move was given, whatever the caller does to it afterwards"],
    tamper: (base) => {
      let given: SendReceipt | undefined;
      return {
        outbox: {
          move(sessionId, id, from, patch) {
            given = patch.receipt;
            return base.outbox.move(sessionId, id, from, patch);
          },
          async get(sessionId, id) {
            const row = await base.outbox.get(sessionId, id);
            return row && { ...row, ...(given ? { receipt: given } : {}) };
          },
        },
      };
    },
  },
  {
    name: "hands out the event that it keeps (alias)",
    fails: ["hands out events and secrets that the caller may change without changing the store"],
    tamper: (base) => {
      const same = remembered<readonly InboxRow[]>();
      return { inbox: { pending: async (id, query) => same(id, await base.inbox.pending(id, query)) } };
    },
  },
  {
    name: "cuts message ids at a NUL",
    fails: ["keeps message ids apart, whatever characters they are made of"],
    tamper: (base) => ({
      outbox: { add: (rows) => base.outbox.add(rows.map((row) => ({ ...row, id: row.id.split("\0")[0] as string }))) },
    }),
  },
  {
    name: "normalises occurrence ids",
    fails: ["keeps occurrence ids apart, whatever characters they are made of"],
    tamper: (base) => ({
      inbox: {
        add: (rows) => base.inbox.add(rows.map((row) => ({ ...row, occurrenceId: row.occurrenceId.normalize("NFC") }))),
      },
    }),
  },
  {
    name: "writes secrets as UTF-8, which has no lone surrogates",
    fails: ["keeps names and values of secrets to the letter"],
    tamper: (base) => ({
      secrets: {
        put: (id, values) =>
          base.secrets.put(
            id,
            Object.fromEntries(
              Object.entries(values).map(([name, value]) => [name, Buffer.from(value, "utf8").toString("utf8")]),
            ),
          ),
      },
    }),
  },
  {
    name: "copies fields by assignment, which loses one that is named __proto__",
    fails: ["keeps texts inside records, messages and events to the letter"],
    tamper: (base) => ({
      records: {
        async get(id) {
          const record = await base.records.get(id);
          return (
            record && { ...record, settings: Object.assign<object, SessionRecord["settings"]>({}, record.settings) }
          );
        },
      },
    }),
  },
  {
    name: "cuts long texts",
    fails: ["keeps a text of a megabyte"],
    tamper: (base) => ({
      outbox: {
        async get(sessionId, id) {
          const row = await base.outbox.get(sessionId, id);
          return row?.message?.text
            ? { ...row, message: { ...row.message, text: row.message.text.slice(0, 65_536) } }
            : row;
        },
      },
    }),
  },
];
