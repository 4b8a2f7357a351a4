import type { Store } from "@colloquy/core";
import type { Fault, Tampering } from "./fault.js";

type Outbox = Store["outbox"];

const outbox =
  (change: (base: Outbox) => Partial<Outbox>) =>
  (base: Store): Tampering => ({ outbox: change(base.outbox) });

export const fenceFaults: readonly Fault[] = [
  {
    name: "moves a message whatever epoch is named",
    fails: ["moves a message for the epoch that the session's record has, and for no other"],
    tamper: outbox(({ move }) => ({ move: (sessionId, id, from, patch) => move(sessionId, id, from, patch) })),
  },
  {
    name: "tells of every session with messages, sent ones too",
    fails: ["tells which sessions have queued messages, by id, after one and up to a limit"],
    tamper: (base) => ({
      outbox: {
        async waiting() {
          const { records } = await base.records.list();
          return records.map(({ id }) => id).toSorted();
        },
      },
    }),
  },
  {
    name: "keeps why a message failed when it is queued again",
    fails: ["forgets why a message failed when it is queued again"],
    tamper: outbox(({ get, move }) => ({
      async move(sessionId, id, from, patch, epoch) {
        const before = await get(sessionId, id);
        const moved = await move(sessionId, id, from, patch, epoch);
        return moved && before?.error ? { ...moved, error: before.error } : moved;
      },
    })),
  },
];
