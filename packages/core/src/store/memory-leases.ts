import type { Clock } from "../clock.js";
import type { SessionId } from "../contract/index.js";
import type { Lease, LeaseStore, Member } from "./leases.js";

interface Held {
  owner: string;
  epoch: number;
  untilMs: number;
  /** Given back: `owner` is whom it was offered to, if anybody. */
  isOffer: boolean;
}

export interface MemoryLeases {
  readonly store: LeaseStore;
  /** The session is gone, and its lease with it. */
  forget(sessionId: SessionId): void;
}

/** `need` throws while the store is closed, and answers whether it holds a session. */
export function memoryLeases(clock: Clock, need: (sessionId?: SessionId) => boolean): MemoryLeases {
  const leases = new Map<SessionId, Held>();
  const announced = new Map<string, Member & { readonly untilMs: number }>();

  const isLive = ({ untilMs }: Held): boolean => untilMs > clock.now();
  /** What `owner` has now, under `epoch` if that is given. */
  const heldBy = (owner: string, sessionId: SessionId, epoch?: number): Held | undefined => {
    const held = leases.get(sessionId);
    const isTheirs = held !== undefined && isLive(held) && !held.isOffer && held.owner === owner;
    return isTheirs && (epoch ?? held.epoch) === held.epoch ? held : undefined;
  };
  const leaseOf = (sessionId: SessionId, { owner, epoch, untilMs }: Held): Lease => ({
    sessionId,
    owner,
    epoch,
    remainingMs: untilMs - clock.now(),
  });

  const store: LeaseStore = {
    async acquire(sessionIds, owner, durationMs) {
      need();
      return sessionIds.flatMap((sessionId) => {
        const held = leases.get(sessionId);
        if (!need(sessionId) || (held && isLive(held) && held.owner !== owner)) return [];
        const epoch = heldBy(owner, sessionId)?.epoch ?? (held?.epoch ?? 0) + 1;
        const taken: Held = { owner, epoch, untilMs: clock.now() + durationMs, isOffer: false };
        leases.set(sessionId, taken);
        return [leaseOf(sessionId, taken)];
      });
    },
    async seize(sessionId, owner, durationMs) {
      if (!need(sessionId)) return undefined;
      const epoch = (leases.get(sessionId)?.epoch ?? 0) + 1;
      const taken: Held = { owner, epoch, untilMs: clock.now() + durationMs, isOffer: false };
      leases.set(sessionId, taken);
      return leaseOf(sessionId, taken);
    },
    async renew(wanted, owner, durationMs) {
      need();
      return wanted.flatMap(({ sessionId, epoch }) => {
        const held = heldBy(owner, sessionId, epoch);
        if (!held) return [];
        held.untilMs = clock.now() + durationMs;
        return [leaseOf(sessionId, held)];
      });
    },
    async release(given, owner, offer) {
      need();
      for (const { sessionId, epoch } of given) {
        const held = heldBy(owner, sessionId, epoch);
        if (!held) continue;
        held.isOffer = true;
        held.owner = offer?.to ?? "";
        held.untilMs = offer ? clock.now() + offer.forMs : 0;
      }
    },
    async list({ owner, offeredTo } = {}) {
      need();
      const isWanted = (held: Held): boolean =>
        isLive(held) && held.isOffer === (offeredTo !== undefined) && (offeredTo ?? owner ?? held.owner) === held.owner;
      return [...leases].flatMap(([sessionId, held]) => (isWanted(held) ? [leaseOf(sessionId, held)] : []));
    },
    async announce(owner, details, durationMs) {
      need();
      const nowMs = clock.now();
      const known = announced.get(owner);
      const joinedAtMs = known && known.untilMs > nowMs ? known.joinedAtMs : nowMs;
      announced.set(owner, { owner, joinedAtMs, details: { ...details }, untilMs: nowMs + durationMs });
    },
    async members() {
      need();
      return [...announced.values()]
        .filter(({ untilMs }) => untilMs > clock.now())
        .map(({ owner, joinedAtMs, details }) => ({ owner, joinedAtMs, details: { ...details } }))
        .toSorted((a, b) => a.joinedAtMs - b.joinedAtMs || (a.owner < b.owner ? -1 : 1));
    },
    async leave(owner) {
      need();
      announced.delete(owner);
    },
  };
  return { store, forget: (sessionId) => void leases.delete(sessionId) };
}
