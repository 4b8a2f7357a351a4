import type { BucketView } from "@colloquy/core";
import type { Opened } from "../open-colloquy.js";

export interface FleetWorkerRow {
  readonly name: string;
  readonly upForMs: number;
  readonly sessionCount: number;
  readonly details: Readonly<Record<string, string | number>>;
}

export interface FleetSessionRow {
  readonly id: string;
  readonly name?: string;
  readonly provider: string;
  readonly state: string;
  /** Since the provider last proved the state. */
  readonly proofAgeMs?: number;
  readonly owner?: string;
  readonly leaseLeftMs?: number;
  /** Of the record: grows with each takeover. */
  readonly epoch: number;
  readonly queued: number;
  readonly unknown: number;
  /** The fullest bucket: how much of it is left. */
  readonly tightest?: { readonly bucket: string; readonly remaining: number; readonly limit: number };
}

export interface Fleet {
  readonly workers: readonly FleetWorkerRow[];
  readonly sessions: readonly FleetSessionRow[];
}

export async function lookAtFleet({ colloquy, store }: Opened): Promise<Fleet> {
  const nowMs = Date.now();
  const [members, leases] = await Promise.all([store.leases.members(), store.leases.list()]);
  const leaseOf = new Map(leases.map((lease) => [lease.sessionId, lease]));
  const sessions: FleetSessionRow[] = [];
  for await (const session of colloquy.sessions.list()) {
    const lease = leaseOf.get(session.id);
    const [record, counts] = await Promise.all([store.records.get(session.id), store.outbox.count(session.id)]);
    const { provenAtMs } = session.snapshot;
    const tightest = tightestOf((await session.refresh()).rateLimits());
    sessions.push({
      id: session.id,
      ...(session.name === undefined ? {} : { name: session.name }),
      provider: session.providerId,
      state: session.state,
      ...(provenAtMs === undefined ? {} : { proofAgeMs: Math.max(0, nowMs - provenAtMs) }),
      ...(lease ? { owner: lease.owner, leaseLeftMs: lease.remainingMs } : {}),
      epoch: record?.epoch ?? 0,
      queued: counts.queued + counts.sending,
      unknown: counts.unknown,
      ...(tightest ? { tightest } : {}),
    });
  }
  const workers = members.map(({ owner, joinedAtMs, details }) => ({
    name: owner,
    upForMs: Math.max(0, nowMs - joinedAtMs),
    sessionCount: leases.filter((lease) => lease.owner === owner).length,
    details,
  }));
  return { workers, sessions };
}

function tightestOf(views: readonly BucketView[]): FleetSessionRow["tightest"] {
  const known = views.flatMap(({ bucket, remaining, limit }) =>
    remaining === undefined || limit === undefined || limit === 0 ? [] : [{ bucket, remaining, limit }],
  );
  return known.toSorted((a, b) => a.remaining / a.limit - b.remaining / b.limit)[0];
}
