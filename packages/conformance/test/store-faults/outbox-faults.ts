import type { OutboxRow, OutboxState, Store } from "@colloquy/core";
import { type Fault, otherTurns, type Tampering } from "./fault.js";

type Outbox = Store["outbox"];

const outbox =
  (change: (base: Outbox) => Partial<Outbox>) =>
  (base: Store): Tampering => ({ outbox: change(base.outbox) });

const anyState: readonly OutboxState[] = ["queued", "sending", "sent", "failed", "unknown", "cancelled"];

export const outboxFaults: readonly Fault[] = [
  {
    name: "accepts messages in another order than given",
    fails: [
      "accepts messages in order, numbered from 1 for each session, and gives them back whole",
      "lists messages in order of acceptance, by states, after a number and up to a limit",
    ],
    tamper: outbox(({ add }) => ({ add: async (rows) => (await add(rows.toReversed())).toReversed() })),
  },
  {
    name: "answers with the message given instead of the one it has",
    fails: [
      "leaves a message alone whose id the session has, and gives back the one it has",
      "accepts a message once that one call names twice",
      "accepts one of many concurrent calls with the same id, and gives its row to all",
    ],
    tamper: outbox(({ add }) => ({
      add: async (rows) => (await add(rows)).map((row, index) => ({ ...row, ...rows[index] })),
    })),
  },
  {
    name: "accepts the messages of a call one by one (not atomic)",
    fails: ["accepts all messages of a call or none"],
    tamper: outbox(({ add }) => ({
      async add(rows) {
        const stored: OutboxRow[] = [];
        for (const row of rows) stored.push(...(await add([row])));
        return stored;
      },
    })),
  },
  {
    name: "takes the next number before it writes",
    fails: ["numbers messages without gaps when calls race"],
    tamper: outbox(({ add, list }) => {
      const seqOf = new Map<string, number>();
      return {
        async add(rows) {
          const next = seqOf.size + 1;
          await otherTurns();
          rows.forEach((row, index) => seqOf.set(row.id, next + index));
          return add(rows);
        },
        list: async (id, query) => (await list(id, query)).map((row) => ({ ...row, seq: seqOf.get(row.id) ?? 0 })),
      };
    }),
  },
  {
    name: "looks a message up by its id alone",
    fails: ["gives nothing for a message that it does not hold"],
    tamper: outbox(({ get }) => ({ get: async (sessionId, id) => (await get(sessionId, id)) ?? get("ses_2", id) })),
  },
  {
    name: "lists from the beginning whatever number is named",
    fails: ["lists messages in order of acceptance, by states, after a number and up to a limit"],
    tamper: outbox(({ list }) => ({ list: (id, { afterSeq: _ignored, ...query } = {}) => list(id, query) })),
  },
  {
    name: "lists all messages at once",
    fails: ["lists 1,000 messages when no limit is named"],
    tamper: outbox(({ list }) => ({ list: (id, query) => list(id, { limit: 1_000_000, ...query }) })),
  },
  {
    name: "replaces a message by what the move names",
    fails: ["moves a message that is in one of the named states, keeping what the move does not name"],
    tamper: outbox(({ move }) => ({
      async move(sessionId, id, from, patch) {
        const moved = await move(sessionId, id, from, patch);
        return moved && { ...moved, message: null, ...patch };
      },
    })),
  },
  {
    name: "moves a message whatever state it is in",
    fails: ["does not move a message that is in another state", "lets exactly one of many concurrent movers win"],
    tamper: outbox(({ move }) => ({ move: (sessionId, id, _from, patch) => move(sessionId, id, anyState, patch) })),
  },
  {
    name: "looks at the state first and moves later (not atomic)",
    fails: ["lets exactly one of many concurrent movers win"],
    tamper: outbox(({ get, move }) => ({
      async move(sessionId, id, from, patch) {
        const row = await get(sessionId, id);
        if (!row || !from.includes(row.state)) return undefined;
        await otherTurns();
        return move(sessionId, id, anyState, patch);
      },
    })),
  },
  {
    name: "keeps the text of a message that was sent",
    fails: ["empties a message that is sent, and keeps its receipt"],
    tamper: outbox(({ get, move }) => ({
      async move(sessionId, id, from, patch) {
        const before = await get(sessionId, id);
        const moved = await move(sessionId, id, from, patch);
        return moved && before && { ...moved, message: before.message };
      },
    })),
  },
  {
    name: "forgets the messages that may have left",
    fails: ["tells when messages left or may have left, oldest first, from an instant on"],
    tamper: outbox(({ departures, list }) => ({
      async departures(id, sinceMs) {
        const unknown = await list(id, { states: ["unknown"] });
        return (await departures(id, sinceMs)).filter(
          (atMs) => !unknown.some(({ settledAtMs }) => settledAtMs === atMs),
        );
      },
    })),
  },
  {
    name: "tells the newest departure first",
    fails: ["tells when messages left or may have left, oldest first, from an instant on"],
    tamper: outbox(({ departures }) => ({
      departures: async (id, sinceMs) => (await departures(id, sinceMs)).toReversed(),
    })),
  },
  {
    name: "does not count states in which there is nothing",
    fails: ["counts the messages of a session in every state"],
    tamper: outbox(({ count }) => ({
      count: async (id) =>
        Object.fromEntries(Object.entries(await count(id)).filter(([, number]) => number > 0)) as Record<
          OutboxState,
          number
        >,
    })),
  },
];
