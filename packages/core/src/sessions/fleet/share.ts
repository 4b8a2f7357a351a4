import type { SessionId } from "../../contract/index.js";
import type { Lease } from "../../store/store.js";

export interface Standing {
  /** Sessions that want to be run. */
  readonly wanted: readonly SessionId[];
  /** All leases that are held now, by whomever. */
  readonly leases: readonly Pick<Lease, "sessionId" | "owner">[];
  /** Workers that live, this one among them. */
  readonly owners: readonly string[];
  readonly self: string;
  readonly maxSessions: number;
}

export interface Plan {
  /** Free ones to ask for. */
  readonly take: readonly SessionId[];
  /** Own ones that another worker should run, by worker. */
  readonly give: ReadonlyMap<string, readonly SessionId[]>;
}

/**
 * Each worker runs at most its part, rounded up, so that all together run everything and nobody much more than the others.
 * Gives away only what is above the part while another worker is below its own, so that two workers never trade in circles.
 */
export function plan({ wanted, leases, owners, self, maxSessions }: Standing): Plan {
  const isWanted = new Set(wanted);
  const counts = new Map(owners.map((owner) => [owner, 0]));
  const held = new Set<SessionId>();
  const mine: SessionId[] = [];
  for (const { sessionId, owner } of leases) {
    held.add(sessionId);
    if (!isWanted.has(sessionId)) continue;
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
    if (owner === self) mine.push(sessionId);
  }
  const workers = Math.max(1, owners.length);
  const most = Math.min(maxSessions, Math.ceil(wanted.length / workers));
  const least = Math.floor(wanted.length / workers);
  const take = wanted.filter((id) => !held.has(id)).slice(0, Math.max(0, most - mine.length));
  return { take, give: surplus(mine, most, least, counts, self) };
}

function surplus(
  mine: readonly SessionId[],
  most: number,
  least: number,
  counts: ReadonlyMap<string, number>,
  self: string,
): Plan["give"] {
  const give = new Map<string, SessionId[]>();
  const needy = [...counts].filter(([owner, count]) => owner !== self && count < most);
  let left = mine.length - most;
  for (const [owner, count] of needy.toSorted(([, a], [, b]) => a - b)) {
    const share = mine.slice(mine.length - left).slice(0, Math.max(1, least - count));
    if (left <= 0 || share.length === 0) break;
    give.set(owner, share);
    left -= share.length;
  }
  return give;
}
