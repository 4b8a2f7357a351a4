import type { OutboxPatch, Store } from "@colloquy/core";
import { type Fault, otherTurns, type Tampering } from "./fault.js";

type Outbox = Store["outbox"];

const outbox =
  (change: (base: Outbox) => Partial<Outbox>) =>
  (base: Store): Tampering => ({ outbox: change(base.outbox) });

export const outboxReceiptFaults: readonly Fault[] = [
  {
    name: "does not keep what was heard of a message",
    fails: ["keeps a sent message's key and what was heard of it, and nothing of its text"],
    tamper: outbox(({ move }) => ({
      move: (sessionId, id, from, { delivery: _dropped, ...patch }) => move(sessionId, id, from, patch),
    })),
  },
  {
    name: "does not look at the key that is asked for",
    fails: ["finds a message by its key within its session, also after another move"],
    tamper: outbox(({ list }) => ({ list: (id, { messageKey: _ignored, ...query } = {}) => list(id, query) })),
  },
  {
    name: "believes what it heard last",
    fails: ["does not take back what was heard of a message, in whichever order it arrives"],
    tamper: outbox(({ move }) => ({
      async move(sessionId, id, from, patch) {
        const moved = await move(sessionId, id, from, patch);
        return moved && { ...moved, ...(patch.delivery ? { delivery: patch.delivery } : {}) };
      },
    })),
  },
  {
    name: "reads what was heard first and writes later (not atomic)",
    fails: ["keeps the latest of what many tell at once"],
    tamper: outbox(({ get, move }) => {
      const written = new Map<string, OutboxPatch["delivery"]>();
      return {
        async get(sessionId, id) {
          const row = await get(sessionId, id);
          const delivery = written.get(id);
          return row && (delivery ? { ...row, delivery } : row);
        },
        async move(sessionId, id, from, patch) {
          await otherTurns();
          written.set(id, patch.delivery);
          return move(sessionId, id, from, patch);
        },
      };
    }),
  },
];
