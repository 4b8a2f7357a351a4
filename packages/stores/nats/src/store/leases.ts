import { createHash } from "node:crypto";
import type { Lease, LeaseStore, Member } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { Cells } from "../cells.js";
import type { Link } from "../link.js";
import type { Heads } from "./heads.js";
import { type LeaseCall, type LeaseState, leaseStep, type MemberCall, memberStep } from "./lease-step.js";
import type { Subjects } from "./subjects.js";

/** Leases lie in so many cells: few enough to list them all, many enough that workers seldom meet. ASSUMED. */
const shardCount = 16;

export interface Leases {
  readonly store: LeaseStore;
  readonly cells: Cells<LeaseState, LeaseCall, readonly Lease[]>;
  /** The session is gone, and its lease with it. */
  forget(sessionId: SessionId): Promise<void>;
}

export function leaseStore(link: Link, subjects: Subjects, heads: Heads, replicas: number): Leases {
  const cells = new Cells(link, subjects.cells, { replicas }, leaseStep);
  const members = new Cells<Parameters<typeof memberStep>[0] & object, MemberCall, readonly Member[]>(
    link,
    subjects.cells,
    { replicas },
    memberStep,
  );

  /** One call for each cell that has any of the given. */
  const inShards = async <Given>(
    given: readonly Given[],
    idOf: (one: Given) => SessionId,
    callFor: (some: readonly Given[]) => LeaseCall,
  ): Promise<readonly Lease[]> => {
    const byShard = new Map<string, Given[]>();
    for (const one of given) {
      const shard = shardOf(idOf(one));
      byShard.set(shard, [...(byShard.get(shard) ?? []), one]);
    }
    const found = await Promise.all([...byShard].map(([shard, some]) => cells.take(shard, callFor(some))));
    return found.flat();
  };

  const store: LeaseStore = {
    async acquire(sessionIds, owner, durationMs) {
      const there = await heads.areThere(sessionIds);
      return inShards(
        there,
        (id) => id,
        (acquire) => ({ acquire, owner, durationMs }),
      );
    },
    async seize(sessionId, owner, durationMs) {
      if ((await heads.areThere([sessionId])).length === 0) return undefined;
      const [lease] = await cells.take(shardOf(sessionId), { seize: sessionId, owner, durationMs });
      return lease;
    },
    renew: (leases, owner, durationMs) =>
      inShards(
        leases.map(({ sessionId, epoch }) => ({ sessionId, epoch })),
        ({ sessionId }) => sessionId,
        (renew) => ({ renew, owner, durationMs }),
      ),
    async release(leases, owner, offer) {
      await inShards(
        leases.map(({ sessionId, epoch }) => ({ sessionId, epoch })),
        ({ sessionId }) => sessionId,
        (release) => ({ release, owner, ...(offer ? { offer } : {}) }),
      );
    },
    async list(query = {}) {
      const shards = Array.from({ length: shardCount }, (_, number) => `leases-${number}`);
      const nowMs = await cells.now();
      return (await Promise.all(shards.map((shard) => cells.look(shard, { list: query }, nowMs)))).flat();
    },
    async announce(owner, details, durationMs) {
      await members.take("members", { announce: owner, details, durationMs });
    },
    members: async () => members.look("members", { list: true }, await members.now()),
    async leave(owner) {
      await members.take("members", { leave: owner });
    },
  };

  return {
    store,
    cells,
    async forget(sessionId) {
      await cells.take(shardOf(sessionId), { forget: sessionId });
    },
  };
}

function shardOf(sessionId: SessionId): string {
  const [first = 0] = createHash("sha256").update(JSON.stringify(sessionId)).digest();
  return `leases-${first % shardCount}`;
}
