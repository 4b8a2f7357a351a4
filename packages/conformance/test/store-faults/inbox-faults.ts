import type { InboxRow, Store } from "@colloquy/core";
import type { Fault, Tampering } from "./fault.js";

type Inbox = Store["inbox"];

const inbox =
  (change: (base: Inbox) => Partial<Inbox>) =>
  (base: Store): Tampering => ({ inbox: change(base.inbox) });

export const inboxFaults: readonly Fault[] = [
  {
    name: "numbers events from 0",
    fails: ["takes events in order, numbered from 1 for each session, and gives them back whole"],
    tamper: inbox(({ add }) => ({
      add: async (rows) => (await add(rows)).map((row) => ({ ...row, seq: row.seq - 1 })),
    })),
  },
  {
    name: "takes every delivery as a new occurrence (no dedupe)",
    fails: [
      "takes an occurrence once, and answers with the new ones only",
      "knows an occurrence again after it was handled",
      "finds an occurrence new for exactly one of many concurrent calls",
    ],
    tamper: inbox(({ add, pending }) => {
      let deliveries = 0;
      const named = <Row extends { readonly occurrenceId: string }>(row: Row): Row => ({
        ...row,
        occurrenceId: row.occurrenceId.split("#")[0] as string,
      });
      return {
        add: async (rows) =>
          (await add(rows.map((row) => ({ ...row, occurrenceId: `${row.occurrenceId}#${deliveries++}` })))).map(named),
        pending: async (id, query) => (await pending(id, query)).map(named),
      };
    }),
  },
  {
    name: "answers with the known occurrences too",
    fails: ["takes an occurrence once, and answers with the new ones only"],
    tamper: inbox(({ add }) => ({
      async add(rows) {
        await add(rows);
        return rows.map((row, index): InboxRow => ({ ...row, seq: index + 1, handled: false }));
      },
    })),
  },
  {
    name: "takes the events of a call one by one (not atomic)",
    fails: ["takes all events of a call or none"],
    tamper: inbox(({ add }) => ({
      async add(rows) {
        const added: InboxRow[] = [];
        for (const row of rows) added.push(...(await add([row])));
        return added;
      },
    })),
  },
  {
    name: "gives the newest event first",
    fails: ["gives what is not handled in order of arrival, after a number and up to a limit"],
    tamper: inbox(({ pending }) => ({ pending: async (id, query) => (await pending(id, query)).toReversed() })),
  },
  {
    name: "gives all pending events at once",
    fails: ["gives 1,000 pending events when no limit is named"],
    tamper: inbox(({ pending }) => ({ pending: (id, query) => pending(id, { limit: 1_000_000, ...query }) })),
  },
  {
    name: "settles an occurrence id in every session",
    fails: ["settles what it is told, of that session only, and does not mind what it does not know"],
    tamper: inbox(({ settle }) => ({
      async settle(_sessionId, occurrenceIds) {
        await settle("ses_1", occurrenceIds);
        await settle("ses_2", occurrenceIds);
      },
    })),
  },
];
