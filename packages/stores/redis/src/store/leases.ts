import type { Lease, LeaseStore, Member } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import type { Keys } from "./keys.js";
import { memberScripts, scripts } from "./lease-scripts.js";
import type { Server } from "./server.js";

export interface Leases {
  readonly store: LeaseStore;
  /** The session is gone, and its lease with it. */
  forget(sessionId: SessionId): Promise<void>;
}

/**
 * All leases lie in one hash, because they are taken, renewed and listed many at a time; time is the server's. Whether a session
 * is there is looked up just before: the lease of one that is removed at that moment may stand until it runs out.
 */
export function leaseStore(server: Server, keys: Keys): Leases {
  const run = async (script: keyof typeof scripts, values: readonly (string | number)[]): Promise<readonly string[]> =>
    (await server.writeScript(scripts[script], [keys.leases], values)) as readonly string[];

  const leasesIn = (flat: readonly string[]): readonly Lease[] =>
    Array.from({ length: flat.length / 4 }, (_, index) => ({
      sessionId: JSON.parse(flat[4 * index] as string) as string,
      owner: JSON.parse(flat[4 * index + 1] as string) as string,
      epoch: Number(flat[4 * index + 2]),
      remainingMs: Number(flat[4 * index + 3]),
    }));

  const named = (leases: readonly Pick<Lease, "sessionId" | "epoch">[]): readonly (string | number)[] =>
    leases.flatMap(({ sessionId, epoch }) => [JSON.stringify(sessionId), epoch]);

  const store: LeaseStore = {
    async acquire(sessionIds, owner, durationMs) {
      const isThere = await Promise.all(
        sessionIds.map((sessionId) => server.read((client) => client.exists(keys.of(sessionId, "record")))),
      );
      const wanted = sessionIds.filter((_, index) => isThere[index] === 1).map((id) => JSON.stringify(id));
      return leasesIn(await run("acquire", [JSON.stringify(owner), durationMs, ...wanted]));
    },
    async seize(sessionId, owner, durationMs) {
      const isThere = await server.read((client) => client.exists(keys.of(sessionId, "record")));
      if (isThere === 0) return undefined;
      return leasesIn(await run("seize", [JSON.stringify(owner), durationMs, JSON.stringify(sessionId)]))[0];
    },
    renew: async (leases, owner, durationMs) =>
      leasesIn(await run("renew", [JSON.stringify(owner), durationMs, ...named(leases)])),
    async release(leases, owner, offer) {
      const to = offer ? JSON.stringify(offer.to) : "";
      await run("release", [JSON.stringify(owner), to, offer?.forMs ?? 0, ...named(leases)]);
    },
    async list({ owner, offeredTo } = {}) {
      const whose = offeredTo ?? owner;
      const isOffer = offeredTo === undefined ? 0 : 1;
      return leasesIn(await run("list", [isOffer, whose === undefined ? "" : JSON.stringify(whose)]));
    },
    async announce(owner, details, durationMs) {
      const values = [JSON.stringify(owner), durationMs, JSON.stringify(details)];
      await server.writeScript(memberScripts.announce, [keys.members], values);
    },
    async members() {
      const flat = (await server.writeScript(memberScripts.members, [keys.members], [])) as readonly string[];
      const members = Array.from({ length: flat.length / 3 }, (_, index) => ({
        owner: JSON.parse(flat[3 * index] as string) as string,
        joinedAtMs: Number(flat[3 * index + 1]),
        details: JSON.parse(flat[3 * index + 2] as string) as Member["details"],
      }));
      return members.toSorted((a, b) => a.joinedAtMs - b.joinedAtMs || (a.owner < b.owner ? -1 : 1));
    },
    async leave(owner) {
      await server.write((client) => client.hdel(keys.members, JSON.stringify(owner)));
    },
  };

  return {
    store,
    async forget(sessionId) {
      await server.write((client) => client.hdel(keys.leases, JSON.stringify(sessionId)));
    },
  };
}
