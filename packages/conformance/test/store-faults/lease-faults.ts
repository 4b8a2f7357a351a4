import type { Store } from "@colloquy/core";
import { type Fault, otherTurns, type Tampering } from "./fault.js";

type Leases = Store["leases"];

const leases =
  (change: (base: Leases) => Partial<Leases>) =>
  (base: Store): Tampering => ({ leases: change(base.leases) });

export const leaseFaults: readonly Fault[] = [
  {
    name: "gives the lease of one session alone",
    fails: ["gives free leases to who asks first, several at once, and leaves out sessions that it does not hold"],
    tamper: leases(({ acquire }) => ({ acquire: (ids, ...rest) => acquire(ids.slice(0, 1), ...rest) })),
  },
  {
    name: "looks whether a lease is free and takes it later (not atomic)",
    fails: ["lets exactly one of many concurrent askers have a lease"],
    tamper: leases(({ list }) => ({
      async acquire(ids, owner, durationMs) {
        const held = await list();
        await otherTurns();
        return ids
          .filter((id) => !held.some(({ sessionId }) => sessionId === id))
          .map((sessionId) => ({ sessionId, owner, epoch: 1, remainingMs: durationMs }));
      },
    })),
  },
  {
    name: "begins each lease with the same epoch",
    fails: [
      "keeps the epoch when the owner asks again, and raises it whenever the lease begins anew",
      "frees a lease that runs out, and tells its owner so when it renews too late",
    ],
    tamper: leases(({ acquire }) => ({
      acquire: async (...given) => (await acquire(...given)).map((lease) => ({ ...lease, epoch: 1 })),
    })),
  },
  {
    name: "renews what anybody names",
    fails: ["renews for the owner under its epoch alone, and only then later than before"],
    tamper: leases(({ renew, list }) => ({
      async renew(wanted, _owner, durationMs) {
        const held = await list();
        const all = held.filter((lease) => wanted.some(({ sessionId }) => sessionId === lease.sessionId));
        for (const lease of all) await renew([lease], lease.owner, durationMs);
        return all;
      },
    })),
  },
  {
    name: "lets nobody seize a lease that is held",
    fails: ["lets a lease be seized from whoever has it, who hears of it when it renews"],
    tamper: leases(({ acquire }) => ({
      seize: async (sessionId, owner, durationMs) => (await acquire([sessionId], owner, durationMs))[0],
    })),
  },
  {
    name: "releases whatever is named",
    fails: ["releases what the owner has under its epoch, and nothing of others"],
    tamper: leases(({ release, list }) => ({
      async release(given, _owner, offer) {
        for (const lease of await list())
          if (given.some(({ sessionId }) => sessionId === lease.sessionId)) await release([lease], lease.owner, offer);
      },
    })),
  },
  {
    name: "lets anybody have what was offered to one",
    fails: ["keeps a lease that was offered for the one it was offered to, and then for anybody"],
    tamper: leases(({ release }) => ({ release: (given, owner) => release(given, owner) })),
  },
  {
    name: "lists the leases of removed sessions",
    fails: ["forgets the lease of a session that is removed"],
    tamper: leases(({ acquire, list }) => {
      const seen = new Map<string, Awaited<ReturnType<typeof acquire>>[number]>();
      return {
        async acquire(...given) {
          const gained = await acquire(...given);
          for (const lease of gained) seen.set(lease.sessionId, lease);
          return gained;
        },
        list: async (query) => [...new Set([...(await list(query)), ...seen.values()])],
      };
    }),
  },
  {
    name: "forgets no worker",
    fails: ["tells which workers live, in the order in which they came, until they leave or fall silent"],
    tamper: leases(() => ({ leave: async () => {} })),
  },
];
