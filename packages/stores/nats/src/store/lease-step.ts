import type { Lease, LeaseQuery, Member } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import type { Step } from "../cells.js";

interface Held {
  readonly owner: string;
  readonly epoch: number;
  readonly untilMs: number;
  /** Given back: `owner` is whom it was offered to, or nobody. */
  readonly isOffer: boolean;
}

type Named = readonly Pick<Lease, "sessionId" | "epoch">[];

/** Leases with their sessions, as pairs: a session may have any name. One that ran out is kept for its epoch. */
export type LeaseState = readonly (readonly [SessionId, Held])[];

export type LeaseCall =
  | { readonly acquire: readonly SessionId[]; readonly owner: string; readonly durationMs: number }
  | { readonly seize: SessionId; readonly owner: string; readonly durationMs: number }
  | { readonly renew: Named; readonly owner: string; readonly durationMs: number }
  | {
      readonly release: Named;
      readonly owner: string;
      readonly offer?: { readonly to: string; readonly forMs: number };
    }
  | { readonly forget: SessionId }
  | { readonly list: LeaseQuery };

export const leaseStep: Step<LeaseState, LeaseCall, readonly Lease[]> = (before = [], call, nowMs) => {
  const held = new Map(before);
  const found: Lease[] = [];
  const isLive = (lease: Held | undefined): lease is Held => lease !== undefined && lease.untilMs > nowMs;
  const heldBy = (owner: string, sessionId: SessionId, epoch?: number): Held | undefined => {
    const lease = held.get(sessionId);
    if (!isLive(lease) || lease.isOffer || lease.owner !== owner) return undefined;
    return (epoch ?? lease.epoch) === lease.epoch ? lease : undefined;
  };
  const tell = (sessionId: SessionId, { owner, epoch, untilMs }: Held): void => {
    found.push({ sessionId, owner, epoch, remainingMs: untilMs - nowMs });
  };
  const take = (sessionId: SessionId, owner: string, epoch: number, durationMs: number): void => {
    const lease = { owner, epoch, untilMs: nowMs + durationMs, isOffer: false };
    held.set(sessionId, lease);
    tell(sessionId, lease);
  };

  if ("acquire" in call) {
    for (const sessionId of call.acquire) {
      const lease = held.get(sessionId);
      if (isLive(lease) && lease.owner !== call.owner) continue;
      const epoch = heldBy(call.owner, sessionId)?.epoch ?? (lease?.epoch ?? 0) + 1;
      take(sessionId, call.owner, epoch, call.durationMs);
    }
  } else if ("seize" in call) take(call.seize, call.owner, (held.get(call.seize)?.epoch ?? 0) + 1, call.durationMs);
  else if ("renew" in call) {
    for (const { sessionId, epoch } of call.renew)
      if (heldBy(call.owner, sessionId, epoch)) take(sessionId, call.owner, epoch, call.durationMs);
  } else if ("release" in call) {
    for (const { sessionId, epoch } of call.release) {
      if (!heldBy(call.owner, sessionId, epoch)) continue;
      const { to = "", forMs = -nowMs } = call.offer ?? {};
      held.set(sessionId, { owner: to, epoch, untilMs: nowMs + forMs, isOffer: true });
    }
  } else if ("forget" in call) held.delete(call.forget);
  else {
    const { owner, offeredTo } = call.list;
    for (const [sessionId, lease] of held)
      if (
        isLive(lease) &&
        lease.isOffer === (offeredTo !== undefined) &&
        (offeredTo ?? owner ?? lease.owner) === lease.owner
      )
        tell(sessionId, lease);
  }
  return { state: [...held], result: found };
};

interface Announced extends Member {
  readonly untilMs: number;
}

export type MemberCall =
  | { readonly announce: string; readonly details: Member["details"]; readonly durationMs: number }
  | { readonly leave: string }
  | { readonly list: true };

export const memberStep: Step<readonly Announced[], MemberCall, readonly Member[]> = (before = [], call, nowMs) => {
  const living = before.filter(({ untilMs }) => untilMs > nowMs);
  const result = (state: readonly Announced[]): readonly Member[] =>
    state
      .map(({ owner, joinedAtMs, details }) => ({ owner, joinedAtMs, details }))
      .toSorted((a, b) => a.joinedAtMs - b.joinedAtMs || (a.owner < b.owner ? -1 : 1));
  if ("list" in call) return { state: living, result: result(living) };
  const owner = "announce" in call ? call.announce : call.leave;
  const others = living.filter((one) => one.owner !== owner);
  if ("leave" in call) return { state: others, result: [] };
  const joinedAtMs = living.find((one) => one.owner === owner)?.joinedAtMs ?? nowMs;
  const own = { owner, joinedAtMs, details: call.details, untilMs: nowMs + call.durationMs };
  return { state: [...others, own], result: [] };
};
