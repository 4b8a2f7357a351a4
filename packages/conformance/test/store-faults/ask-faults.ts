import { type AskRow, type AskState, openAskStates, type Store } from "@colloquy/core";
import { type Fault, otherTurns, type Tampering } from "./fault.js";

type Asks = Store["asks"];

const asks =
  (change: (base: Asks, store: Store) => Partial<Asks>) =>
  (base: Store): Tampering => ({ asks: change(base.asks, base) });

const anyState: readonly AskState[] = [
  ...openAskStates,
  "answered",
  "rejected",
  "expired",
  "failed",
  "unknown",
  "cancelled",
];

const lists = "lists questions in order of acceptance, by session, state and key, after a number and up to a limit";

export const askFaults: readonly Fault[] = [
  {
    name: "answers with the question given instead of the one it has",
    fails: ["keeps a question whole, and leaves one alone whose id it has"],
    tamper: asks(({ add }) => ({ add: async (row) => ({ ...(await add(row)), ...row }) })),
  },
  {
    name: "lists the newest question first",
    fails: [lists, "lists what is open and due, across sessions"],
    tamper: asks(({ list }) => ({ list: async (query) => (await list(query)).toReversed() })),
  },
  {
    name: "lists settled questions as due",
    fails: ["lists what is open and due, across sessions"],
    tamper: asks(({ list }) => ({
      list: async ({ dueAtMs, ...query } = {}) =>
        (await list(query)).filter(({ question }) => dueAtMs === undefined || question.deadlineAtMs <= dueAtMs),
    })),
  },
  {
    name: "finds a question by a key that it no longer has",
    fails: ["moves a question from a named state at a named revision, and keeps what the move does not name"],
    tamper: asks(({ move, list }) => {
      const everHad = new Map<string, string>();
      return {
        async move(id, from, patch, revision) {
          const moved = await move(id, from, patch, revision);
          if (moved) everHad.set("chat", id);
          return moved;
        },
        async list(query) {
          const found = await list(query);
          const old = query?.key === undefined ? undefined : everHad.get(query.key);
          return old === undefined || found.length > 0 ? found : (await list()).filter(({ id }) => id === old);
        },
      };
    }),
  },
  {
    name: "looks at the state first and moves later (not atomic)",
    fails: ["lets the first of many answers win"],
    tamper: asks(({ get, move }) => ({
      async move(id, from, patch, revision) {
        const row = await get(id);
        if (!row || !from.includes(row.state) || (revision !== undefined && revision !== row.revision))
          return undefined;
        await otherTurns();
        return move(id, anyState, patch);
      },
    })),
  },
  {
    name: "moves a question at whatever revision",
    fails: ["moves a question from a named state at a named revision, and keeps what the move does not name"],
    tamper: asks(({ move }) => ({ move: (id, from, patch) => move(id, from, patch) })),
  },
  {
    name: "delivers to everybody who asks",
    fails: ["delivers an answer to exactly one of many, and nothing that is no answer"],
    tamper: asks(({ deliver, get }) => ({
      deliver: async (id) => (await deliver(id)) || (await get(id))?.state === "answered",
    })),
  },
  {
    name: "keeps the questions of a session that was removed",
    fails: ["removes with a session its questions, and of no other"],
    tamper: asks(({ get, list, add }) => {
      const kept = new Map<string, AskRow>();
      return {
        async add(row) {
          const stored = await add(row);
          kept.set(row.id, stored);
          return stored;
        },
        get: async (id) => (await get(id)) ?? kept.get(id),
        list,
      };
    }),
  },
];
