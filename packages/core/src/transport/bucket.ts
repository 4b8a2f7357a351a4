import type { LimitRule, LimitScope, RateLimitReading, SessionId } from "../contract/index.js";
import type { BucketView } from "./exchange.js";
import type { TurnRing } from "./fair-queue.js";
import { PacedRule } from "./paced-rule.js";
import type { AnsweredFate, Fate, Permit, Resource } from "./resource.js";
import type { RoundTrip } from "./round-trip.js";
import { ToldWindow } from "./told-window.js";

export interface BucketIdentity {
  readonly name: string;
  readonly scope: LimitScope;
  readonly sessionId?: SessionId;
}

/** Waits after refusals that say nothing of when to come back: doubled each time. ASSUMED. */
const blindWaitBaseMs = 1_000;
const blindWaitCapMs = 60_000;

/** One request that counts against a bucket and has no answer yet. */
class BucketPermit implements Permit {
  readonly #bucket: Bucket;
  /** Order of leaving. */
  readonly order: number;

  constructor(bucket: Bucket, order: number) {
    this.#bucket = bucket;
    this.order = order;
  }

  settle(fate: Fate): void {
    this.#bucket.settle(this, fate);
  }
}

/**
 * One allowance at the provider, as far as it is known: rules that hold beforehand, what answers told since, and the instant
 * before which the provider asked not to come back. The strictest of them rules.
 */
export class Bucket implements Resource {
  readonly identity: BucketIdentity;
  readonly #roundTrip: RoundTrip;
  #prior: readonly LimitRule[] = [];
  #rules: PacedRule[] = [];
  #told: ToldWindow | undefined;
  #notBeforeMs = 0;
  #inFlight = new Set<BucketPermit>();
  #lastOrder = 0;
  #refusals = 0;
  #refusalsInARow = 0;
  /** Without any knowledge one request goes ahead, then two, then four: a limit is met with few, not with all at once. */
  #scouts = 1;
  waiting: TurnRing<unknown> | undefined = undefined;
  wakeAtMs: number = Number.POSITIVE_INFINITY;

  /** `isOpen`: nobody says that there is a limit, so nothing is held back before a refusal. */
  constructor(identity: BucketIdentity, roundTrip: RoundTrip, prior: readonly LimitRule[], isOpen = false) {
    this.identity = identity;
    this.#roundTrip = roundTrip;
    if (isOpen) this.#scouts = Number.POSITIVE_INFINITY;
    this.expect(prior);
  }

  /** True while it is open, idle and was never refused: nothing is lost with it. */
  get isUntaught(): boolean {
    return (
      this.#scouts === Number.POSITIVE_INFINITY &&
      this.#refusals === 0 &&
      this.#inFlight.size === 0 &&
      !this.#told &&
      !this.waiting
    );
  }

  /** The rules that hold beforehand. Settings may switch them while we run. */
  expect(prior: readonly LimitRule[]): void {
    if (isSame(prior, this.#prior)) return;
    this.#prior = prior;
    const before = this.#rules;
    this.#rules = prior.map(({ limit, windowMs }) => {
      const rule = new PacedRule(limit, windowMs);
      // A rule that was not watched knows nothing of the past: what another one counted is the best there is.
      const richest = before.find((other) => other.windowMs === windowMs) ?? longest(before);
      for (const atMs of richest?.log.instants() ?? []) rule.count(atMs);
      return rule;
    });
    this.#told = undefined;
  }

  freeAt(nowMs: number): number {
    let atMs = Math.max(nowMs, this.#notBeforeMs);
    for (const rule of this.#rules) atMs = Math.max(atMs, rule.freeAt(nowMs, this.#inFlight.size));
    if (this.#told) atMs = Math.max(atMs, this.#told.freeAt(nowMs, this.#inFlight.size));
    else if (this.#rules.length === 0 && this.#inFlight.size >= this.#scouts) return Number.POSITIVE_INFINITY;
    return atMs;
  }

  take(): Permit {
    const permit = new BucketPermit(this, ++this.#lastOrder);
    this.#inFlight.add(permit);
    this.#told?.spend();
    return permit;
  }

  settle(permit: BucketPermit, fate: Fate): void {
    if (!this.#inFlight.delete(permit)) return;
    if (fate.kind === "unsent") return this.#told?.giveBack();
    if (fate.kind === "lost") return this.#count(fate.atMs);
    // The server counted it when it saw it: at the latest the quickest way back before the answer came.
    const countedAtMs = Math.max(fate.sentAtMs, fate.atMs - this.#roundTrip.minMs);
    const reading = this.#ownReading(fate);
    if (fate.isRefused) this.#refused(fate, reading);
    else {
      this.#refusalsInARow = 0;
      this.#scouts *= 2;
      this.#count(countedAtMs);
    }
    if (reading?.limit !== undefined || reading?.remaining !== undefined)
      this.#tell(permit, reading, fate, countedAtMs);
  }

  view(nowMs: number, queued: number): BucketView {
    const freeAtMs = this.freeAt(nowMs);
    const rule = this.#tightest(nowMs);
    const limit = rule?.limit ?? this.#told?.limit;
    const remaining = this.#remaining(nowMs, rule);
    return {
      bucket: this.identity.name,
      scope: this.identity.scope,
      ...(this.identity.sessionId === undefined ? {} : { sessionId: this.identity.sessionId }),
      ...(limit === undefined ? {} : { limit }),
      ...(rule ? { windowMs: rule.windowMs } : {}),
      ...(remaining === undefined ? {} : { remaining }),
      queued,
      inFlight: this.#inFlight.size,
      ...(freeAtMs > nowMs ? { freeAtMs } : {}),
      refusals: this.#refusals,
    };
  }

  #count(atMs: number): void {
    for (const rule of this.#rules) rule.count(atMs);
  }

  #refused(fate: AnsweredFate, reading: RateLimitReading | undefined): void {
    this.#refusals++;
    this.#refusalsInARow++;
    this.#scouts = Math.min(this.#scouts, 1);
    const asked = reading?.retryAfterMs ?? fate.retryAfterMs;
    const blindMs = Math.min(blindWaitCapMs, blindWaitBaseMs * 2 ** Math.min(16, this.#refusalsInARow - 1));
    const toldReset = reading?.remaining === 0 ? reading.resetAtMs : undefined;
    const untilMs = asked !== undefined ? fate.atMs + asked : (toldReset ?? fate.atMs + blindMs);
    this.#notBeforeMs = Math.max(this.#notBeforeMs, untilMs);
  }

  #tell(permit: BucketPermit, reading: RateLimitReading, fate: AnsweredFate, countedAtMs: number): void {
    if (reading.windowMs !== undefined && reading.limit !== undefined) this.#toldRule(reading.limit, reading.windowMs);
    this.#told ??= new ToldWindow();
    let inFlightAfter = 0;
    for (const other of this.#inFlight) if (other.order > permit.order) inFlightAfter++;
    const rule = this.#rules[0];
    this.#told.update(reading, {
      order: permit.order,
      atMs: fate.atMs,
      countedAtMs,
      roundTripMs: this.#roundTrip.minMs,
      inFlightAfter,
      ownCount: rule ? rule.log.total + this.#inFlight.size - inFlightAfter : undefined,
      isRefused: fate.isRefused,
    });
    // A limit that was known beforehand and that the answers name moves with them.
    const { limit } = this.#told;
    if (limit !== undefined && this.#rules.length === 1 && rule && this.#told.isSameAllowance(rule)) rule.limit = limit;
    if (this.#rules.length === 0 && this.#told.isComplete()) this.#rules = [this.#told.toRule(countedAtMs)];
  }

  #toldRule(limit: number, windowMs: number): void {
    const rule = this.#rules.find((known) => known.windowMs === windowMs);
    if (rule) rule.limit = limit;
    else this.#rules.push(new PacedRule(limit, windowMs));
  }

  #ownReading(fate: AnsweredFate): RateLimitReading | undefined {
    return fate.readings.find(({ bucket, scope }) => bucket === this.identity.name && scope === this.identity.scope);
  }

  #tightest(nowMs: number): PacedRule | undefined {
    let tightest = this.#rules[0];
    for (const rule of this.#rules)
      if (tightest && rule.freeAt(nowMs, this.#inFlight.size) > tightest.freeAt(nowMs, this.#inFlight.size))
        tightest = rule;
    return tightest;
  }

  #remaining(nowMs: number, rule: PacedRule | undefined): number | undefined {
    const own = rule ? rule.limit - rule.log.countAfter(nowMs - rule.windowMs) - this.#inFlight.size : undefined;
    const told = this.#told?.remaining(nowMs);
    if (own === undefined) return told;
    return Math.max(0, told === undefined ? own : Math.min(own, told));
  }
}

function isSame(a: readonly LimitRule[], b: readonly LimitRule[]): boolean {
  return a === b || (a.length === b.length && a.every((rule, place) => rule === b[place]));
}

function longest(rules: readonly PacedRule[]): PacedRule | undefined {
  return rules.reduce<PacedRule | undefined>(
    (best, rule) => (best && best.windowMs >= rule.windowMs ? best : rule),
    undefined,
  );
}
