import { StampLog, type StampLogJson } from "../stamp-log.js";
import { fairPart } from "./fair-part.js";
import {
  type SharedAnswer,
  type SharedCall,
  type SharedPermit,
  type SharedRule,
  sharedTimes,
} from "./shared-budget.js";

/** Instants are told in whole milliseconds: one may be later than it reads. */
const guardMs = 1;

/** Between another's permit falling due and asking for what becomes of it: this part of the window, within bounds. ASSUMED. */
const lagPart = 1 / 10;
const mostLagMs = 100;

/** When requests were counted, for one length of window. */
interface Log {
  readonly stamps: StampLog;
  /** When this window ends, if it is a fixed one and that is known; 0 if not. */
  endAtMs: number;
  /** Up to here everything is forgotten. */
  endedAtMs: number;
}

interface Lent {
  readonly id: number;
  readonly holder: string;
  readonly dueAtMs: number;
  untilMs: number;
}

interface Holder {
  readonly name: string;
  turn: number;
  served: number;
  wanted: number;
  sureMs: number;
  /** When it is to come again; later it is not waited for. */
  askByMs: number;
  seenAtMs: number;
}

/** Everything that a ledger knows, for a budget that keeps it elsewhere between two calls. */
export interface LedgerJson {
  readonly epoch: string;
  readonly logs: readonly {
    readonly windowMs: number;
    readonly stamps: StampLogJson;
    readonly endAtMs: number;
    readonly endedAtMs: number;
  }[];
  readonly lent: readonly Lent[];
  readonly holders: readonly Holder[];
  readonly lastId: number;
  readonly holdUntilMs: number;
  readonly notBeforeMs: number;
}

/** What could be granted now, and what stands in the way of more. */
interface Offer {
  readonly dues: readonly number[];
  /** When the next one would be due; absent when that takes somebody's settling. */
  readonly nextDueMs?: number;
}

/**
 * One shared allowance: when requests were counted, which permits are out, who wants more. At most `limit` requests fall in any
 * window, as each permit out may be counted at any moment, and a counted request is remembered for a window from the last
 * instant at which the provider can have counted it.
 */
export class Ledger {
  static from(kept: LedgerJson): Ledger {
    const ledger = new Ledger(kept.epoch);
    for (const { windowMs, stamps, endAtMs, endedAtMs } of kept.logs)
      ledger.#logs.set(windowMs, { stamps: StampLog.from(stamps), endAtMs, endedAtMs });
    ledger.#lent = kept.lent.map((permit) => ({ ...permit }));
    ledger.#holders = kept.holders.map((holder) => ({ ...holder }));
    ledger.#lastId = kept.lastId;
    ledger.#holdUntilMs = kept.holdUntilMs;
    ledger.#notBeforeMs = kept.notBeforeMs;
    return ledger;
  }

  readonly epoch: string;
  readonly #logs = new Map<number, Log>();
  #lent: Lent[] = [];
  #holders: Holder[] = [];
  #lastId = 0;
  #holdUntilMs = 0;
  #notBeforeMs = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  toJson(): LedgerJson {
    const logs = [...this.#logs].map(([windowMs, { stamps, endAtMs, endedAtMs }]) => ({
      ...{ windowMs, stamps: stamps.toJson() },
      ...{ endAtMs, endedAtMs },
    }));
    return {
      ...{ epoch: this.epoch, logs, lent: this.#lent, holders: this.#holders },
      ...{ lastId: this.#lastId, holdUntilMs: this.#holdUntilMs, notBeforeMs: this.#notBeforeMs },
    };
  }

  /** Nothing that it knows matters so long after the last call. */
  get lifetimeMs(): number {
    return Math.max(0, ...this.#logs.keys()) + 2 * sharedTimes.presentMs;
  }

  exchange(call: SharedCall, nowMs: number): SharedAnswer {
    const longestMs = Math.max(...call.rules.map(({ windowMs }) => windowMs));
    const isKnown = call.epoch === this.epoch;
    const mustTell = !isKnown && call.sinceLastMs !== undefined && call.sinceLastMs < longestMs;
    if (!isKnown && call.epoch !== undefined && (mustTell || call.holds.length > 0)) this.#hold(longestMs, nowMs);
    if (mustTell) return this.#answer(nowMs, { mustTell });
    const me = this.#holderOf(call.holder, nowMs, longestMs);
    if (call.turn <= me.turn) return this.#answer(nowMs, { askInMs: sharedTimes.leastAskMs });
    me.turn = call.turn;
    me.sureMs = call.sureMs ?? 0;
    this.#openLogs(call.rules, nowMs);
    const returnedCount = this.#settle(call, isKnown, nowMs) - call.counted.length;
    me.served -= Math.max(0, returnedCount);
    for (const atMs of call.counted) this.#count(Math.min(atMs, nowMs));
    this.#noteEnd(call, nowMs);
    for (const [windowMs, { stamps }] of this.#logs) stamps.forgetUntil(nowMs - windowMs - guardMs);
    if (call.actedAlone) this.#hold(longestMs, nowMs);
    this.#notBeforeMs = Math.max(this.#notBeforeMs, call.notBeforeMs ?? 0);
    return this.#grant(call, me, nowMs);
  }

  /** Until everybody told what it did, nothing new falls due. A hold that stands is not made longer. */
  #hold(longestMs: number, nowMs: number): void {
    if (nowMs < this.#holdUntilMs) return;
    const { aheadMs, leastHoldMs, mostUnknownMs } = sharedTimes;
    this.#holdUntilMs =
      nowMs + Math.max(leastHoldMs, Math.min(longestMs, mostUnknownMs) + Math.min(longestMs, aheadMs));
  }

  #holderOf(name: string, nowMs: number, longestMs: number): Holder {
    const presentMs = Math.max(sharedTimes.presentMs, 2 * longestMs);
    this.#holders = this.#holders.filter((one) => one.name === name || one.seenAtMs > nowMs - presentMs);
    let holder = this.#holders.find((one) => one.name === name);
    if (!holder) {
      holder = { name, turn: 0, served: 0, wanted: 0, sureMs: 0, askByMs: 0, seenAtMs: nowMs };
      this.#holders.push(holder);
    }
    holder.seenAtMs = nowMs;
    return holder;
  }

  /** A window that was not watched knows nothing of the past: the longest that was is the best there is. */
  #openLogs(rules: readonly SharedRule[], nowMs: number): void {
    for (const { windowMs } of rules) {
      if (this.#logs.has(windowMs)) continue;
      const source = this.#logs.get(Math.max(...this.#logs.keys()));
      const stamps = new StampLog();
      for (const atMs of source?.stamps.instants() ?? []) if (atMs > nowMs - windowMs) stamps.add(atMs, windowMs);
      this.#logs.set(windowMs, { stamps, endAtMs: 0, endedAtMs: 0 });
    }
  }

  /** Takes the earliest of what is told of one end, and forgets what was counted before an end that came. */
  #noteEnd({ end }: SharedCall, nowMs: number): void {
    const told = end && this.#logs.get(end.windowMs);
    if (told && end.atMs > nowMs) {
      const isSame = told.endAtMs > 0 && Math.abs(end.atMs - told.endAtMs) < end.windowMs / 2;
      if (isSame) told.endAtMs = Math.min(told.endAtMs, end.atMs);
      else told.endAtMs = Math.max(told.endAtMs, end.atMs);
    }
    for (const log of this.#logs.values()) {
      if (log.endAtMs === 0 || nowMs < log.endAtMs) continue;
      log.endedAtMs = log.endAtMs - sharedTimes.nearEndMs;
      log.stamps.forgetUntil(log.endedAtMs);
      log.endAtMs = 0;
    }
  }

  /** Takes back what the caller does not name, and counts what a holder that died may have used. Gives the former. */
  #settle(call: SharedCall, isKnown: boolean, nowMs: number): number {
    const named = new Set(isKnown ? call.holds : []);
    let count = 0;
    this.#lent = this.#lent.filter((permit) => {
      if (permit.holder === call.holder) {
        if (!named.has(permit.id)) count++;
        else permit.untilMs = Math.max(permit.dueAtMs, nowMs) + sharedTimes.keepMs;
        return named.has(permit.id);
      }
      if (permit.untilMs > nowMs) return true;
      this.#count(permit.untilMs);
      return false;
    });
    return count;
  }

  #count(atMs: number): void {
    for (const [windowMs, log] of this.#logs) if (atMs > log.endedAtMs) log.stamps.add(atMs, windowMs);
  }

  #grant(call: SharedCall, me: Holder, nowMs: number): SharedAnswer {
    const offer = this.#offer(call.rules, nowMs);
    const wanting = this.#holders.filter((one) => one === me || (one.wanted > 0 && one.askByMs >= nowMs));
    // Whoever did not want any for a while has no claim to what it did not take then.
    const others = wanting.filter((one) => one !== me);
    if (others.length > 0 && (me.wanted === 0 || me.askByMs < nowMs))
      me.served = Math.max(me.served, Math.min(...others.map(({ served }) => served)));
    me.wanted = call.wanted;
    const part = fairPart(offer.dues.length, wanting, wanting.indexOf(me));
    const half = Math.ceil(Math.min(...call.rules.map(({ limit }) => limit)) / 2);
    const count = Math.min(part, half);
    const permits = offer.dues.slice(0, count).map((dueAtMs): SharedPermit => ({ id: ++this.#lastId, dueAtMs }));
    const askInMs = this.#askIn(call, offer, part, count, nowMs);
    for (const { id, dueAtMs } of permits)
      this.#lent.push({ id, holder: call.holder, dueAtMs, untilMs: Math.max(dueAtMs, nowMs) + sharedTimes.keepMs });
    me.served += count;
    me.wanted -= count;
    me.askByMs = nowMs + askInMs + sharedTimes.lateMs;
    return this.#answer(nowMs, { permits, askInMs });
  }

  /** When each further permit would be due, as far ahead as permits are given. */
  #offer(rules: readonly SharedRule[], nowMs: number): Offer {
    const dues: number[] = [];
    const leastMs = Math.max(nowMs, this.#holdUntilMs, this.#notBeforeMs);
    const sureMs = Math.min(...this.#holders.map((one) => one.sureMs));
    while (dues.length < sharedTimes.mostPermits) {
      let dueAtMs = leastMs;
      for (const { limit, windowMs } of rules) {
        const log = this.#logs.get(windowMs) as Log;
        const left = limit - this.#lent.length - dues.length - 1;
        if (left < 0) return { dues };
        const mustLeave = log.stamps.total - left;
        if (mustLeave <= 0) continue;
        const leavesAtMs = leavesAt(log.stamps.instantOf(mustLeave), windowMs, log.endAtMs);
        dueAtMs = Math.max(dueAtMs, leavesAtMs - sureMs);
      }
      if (dueAtMs > nowMs + sharedTimes.aheadMs) return { dues, nextDueMs: dueAtMs };
      dues.push(dueAtMs);
    }
    return { dues, nextDueMs: nowMs };
  }

  /** When it is worth asking for the rest. */
  #askIn({ rules, holder, wanted }: SharedCall, offer: Offer, part: number, count: number, nowMs: number): number {
    if (count >= wanted) return 0;
    const { leastAskMs, mostAskMs, mostPatientAskMs, aheadMs } = sharedTimes;
    const windows = rules.map(({ windowMs }) => windowMs);
    const lagMs = Math.min(mostLagMs, Math.max(leastAskMs, Math.floor(Math.min(...windows) * lagPart)));
    const mostMs = Math.min(mostPatientAskMs, Math.max(mostAskMs, Math.floor(Math.max(...windows) / 10)));
    let waitMs: number;
    if (count < part) waitMs = 0;
    else if (part < offer.dues.length) waitMs = lagMs;
    else if (offer.nextDueMs !== undefined) waitMs = offer.nextDueMs - aheadMs - nowMs;
    else {
      // What is out must be settled first. The caller's own it settles itself.
      const others = this.#lent.filter((permit) => permit.holder !== holder).map(({ dueAtMs }) => dueAtMs);
      waitMs = others.length === 0 ? mostMs : Math.max(0, Math.min(...others) - nowMs) + lagMs;
    }
    return Math.min(mostMs, Math.max(leastAskMs, waitMs));
  }

  #answer(
    nowMs: number,
    { permits = [], askInMs = 0, mustTell = false }: Partial<Pick<SharedAnswer, "permits" | "askInMs" | "mustTell">>,
  ): SharedAnswer {
    const notBeforeMs = Math.max(this.#holdUntilMs, this.#notBeforeMs);
    return { nowMs, epoch: this.epoch, mustTell, permits, notBeforeMs, askInMs, holderCount: this.#holders.length };
  }
}

/** When the provider no longer counts a request of `atMs`. */
function leavesAt(atMs: number, windowMs: number, endAtMs: number): number {
  const byAgeMs = atMs + windowMs + guardMs;
  const nearEndMs = endAtMs - sharedTimes.nearEndMs;
  return endAtMs > 0 && atMs <= nearEndMs && byAgeMs > nearEndMs ? endAtMs : byAgeMs;
}
