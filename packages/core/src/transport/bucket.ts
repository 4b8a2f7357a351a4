import type { InstantMs, LimitRule, LimitScope, RateLimitReading, SessionId } from "../contract/index.js";
import type { Suspect } from "./blame.js";
import type { BucketView } from "./exchange.js";
import type { StandingLine, TurnRing } from "./fair-queue.js";
import { PacedRule } from "./paced-rule.js";
import { inferRule, lowerRules, type Refusal, Tally } from "./refusals.js";
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

/** No answer was quicker than the quickest seen; a little room for what was not seen yet. ASSUMED. */
const quickestPart = 0.75;

/** A reading is fresh when its way took no more than this part of the window. ASSUMED. */
const freshPart = 0.02;

/** Idle buckets that have counted more stay as they are. */
const mostRemembered = 64;

/** One request that counts against a bucket and has no answer yet. */
class BucketPermit implements Permit {
  readonly #bucket: Bucket;
  /** Order of leaving. */
  readonly order: number;
  readonly takenAtMs: number;
  /** How many were in flight when it left. */
  readonly companions: number;
  /** How many had been answered when it left. */
  readonly answeredBefore: number;

  constructor(bucket: Bucket, order: number, takenAtMs: number, companions: number) {
    this.#bucket = bucket;
    this.order = order;
    this.takenAtMs = takenAtMs;
    this.companions = companions;
    this.answeredBefore = order - 1 - companions;
  }

  settle(fate: Fate): void {
    this.#bucket.settle(this, fate);
  }
}

/**
 * One allowance at the provider, as far as it is known: rules described beforehand, what answers told since, what refusals
 * let infer, and the instant before which the provider asked not to come back. The strictest of them rules.
 */
export class Bucket implements Resource, Suspect {
  readonly identity: BucketIdentity;
  readonly #roundTrip: RoundTrip;
  readonly #isOpen: boolean;
  #described: readonly LimitRule[] = [];
  #rules: PacedRule[] = [];
  /** Counts along what answers tell, until it is plain that it can be trusted; then it joins the rules. */
  #shadow: PacedRule | undefined;
  #told: ToldWindow | undefined;
  #tally: Tally | undefined;
  #notBeforeMs = 0;
  readonly #inFlight = new Set<BucketPermit>();
  #lastOrder = 0;
  /** Requests up to this order left before the last refusal was known: their refusals are the same event. */
  #refusedUpTo = 0;
  #refusals = 0;
  #refusalsInARow = 0;
  /** The last refusal that others were blamed for, and until when it holds. */
  #spared: { readonly untilMs: number; readonly blamed: readonly unknown[] } | undefined;
  /**
   * How many may be in flight while nothing is known, or after a refusal that was not foreseen: one alone, again one, then
   * doubling. A limit is met with one request, not with all at once.
   */
  #scouts: number;
  waiting: TurnRing<StandingLine> | undefined = undefined;
  lines = 0;
  wakeAtMs: number = Number.POSITIVE_INFINITY;

  /** `isOpen`: nobody says that there is a limit, so nothing is held back before a refusal. */
  constructor(identity: BucketIdentity, roundTrip: RoundTrip, described: readonly LimitRule[], isOpen = false) {
    this.identity = identity;
    this.#roundTrip = roundTrip;
    this.#isOpen = isOpen;
    this.#scouts = isOpen || described.length > 0 ? Number.POSITIVE_INFINITY : 0.5;
    this.expect(described);
  }

  /** True while it is open, idle and was never refused: nothing is lost with it. */
  get isUntaught(): boolean {
    return this.#isOpen && this.#refusals === 0 && this.#inFlight.size === 0 && !this.#told && this.lines === 0;
  }

  /**
   * What must be kept of it while it is idle, when that is little: it knows nothing but what was described, and has counted few.
   * Undefined otherwise.
   */
  get remembered(): readonly InstantMs[] | undefined {
    const isPlain = this.#refusals === 0 && !this.#told && !this.#shadow && !this.#tally && this.#rules.length > 0;
    if (!isPlain || this.#inFlight.size > 0 || this.lines > 0) return undefined;
    const { log } = longest(this.#rules) as PacedRule;
    return log.total <= mostRemembered ? [...log.instants()] : undefined;
  }

  /** The rules described beforehand. Settings may switch them while we run. */
  expect(described: readonly LimitRule[]): void {
    if (isSame(described, this.#described)) return;
    this.#described = described;
    const before = this.#rules;
    this.#rules = described.map(({ limit, windowMs }) => {
      const rule = new PacedRule(limit, windowMs, "described");
      // A rule that was not watched knows nothing of the past: what another one counted is the best there is.
      const source = before.find((other) => other.windowMs === windowMs) ?? longest(before);
      for (const atMs of source?.log.instants() ?? []) rule.log.add(atMs, windowMs);
      return rule;
    });
    this.#told = undefined;
    this.#shadow = undefined;
  }

  /** Counts what was sent before this process, as far as a rule still looks back. */
  recall(departures: readonly InstantMs[]): void {
    for (const atMs of departures) for (const rule of this.#rules) rule.count(atMs);
  }

  freeAt(nowMs: number): number {
    const inFlight = this.#inFlight.size;
    if (inFlight > 0 && inFlight >= this.#scouts) return Number.POSITIVE_INFINITY;
    this.#told?.takeTurn(nowMs, inFlight);
    let atMs = Math.max(nowMs, this.#notBeforeMs);
    for (const rule of this.#rules)
      if (!this.#isOverruled(rule, nowMs)) atMs = Math.max(atMs, this.#freeAtOf(rule, nowMs, inFlight));
    if (this.#told) atMs = Math.max(atMs, this.#told.freeAt(nowMs, inFlight, this.#backlog));
    return atMs;
  }

  take(nowMs: number): Permit {
    const permit = new BucketPermit(this, ++this.#lastOrder, nowMs, this.#inFlight.size);
    this.#inFlight.add(permit);
    this.#told?.spend(nowMs);
    return permit;
  }

  settle(permit: BucketPermit, fate: Fate): void {
    if (!this.#inFlight.delete(permit)) return;
    if (fate.kind === "unsent") return this.#told?.giveBack();
    if (fate.kind === "lost") return this.#count(fate.atMs, fate.atMs);
    // The server counted it when it saw it: at the latest the quickest way back before the answer came.
    const countedAtMs = Math.max(fate.sentAtMs, fate.atMs - this.#roundTrip.sureMs);
    const [reading, ...longer] = this.#ownReadings(fate);
    if (fate.isRefused && fate.blamed?.includes(this) === false) this.#spare(fate, reading);
    else if (fate.isRefused) this.#refuse(permit, fate, reading, countedAtMs);
    else {
      this.#refusalsInARow = 0;
      this.#scouts *= 2;
      this.#count(countedAtMs, fate.atMs);
    }
    if (reading?.limit !== undefined || reading?.remaining !== undefined)
      this.#tell(permit, reading, fate, countedAtMs);
    for (const one of longer) this.#noteLonger(one);
  }

  verdictOf(fate: AnsweredFate): "unnamed" | "used_up" | "left" {
    const readings = this.#ownReadings(fate);
    if (readings.some(({ retryAfterMs, remaining }) => retryAfterMs !== undefined || remaining === 0)) return "used_up";
    return readings.some(({ remaining }) => remaining !== undefined) ? "left" : "unnamed";
  }

  partLeft(nowMs: number): number | undefined {
    const parts = this.#rules.map((rule) => this.#ownLeft(nowMs, rule) / rule.limit);
    const told = this.#told?.remaining(nowMs);
    if (told !== undefined && this.#told?.limit) parts.push(told / this.#told.limit);
    return parts.length === 0 ? undefined : Math.min(...parts);
  }

  /** The first of its rules: the one that is followed closely. */
  get allowance(): { readonly limit: number; readonly windowMs: number } | undefined {
    return this.#rules[0];
  }

  get longestWindowMs(): number | undefined {
    return longest(this.#rules)?.windowMs;
  }

  wasSparedFor(others: readonly unknown[], nowMs: number): boolean {
    if (!this.#spared || nowMs >= this.#spared.untilMs) return false;
    return !this.#spared.blamed.some((one) => others.includes(one));
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
      ...(rule ? { windowMs: rule.windowMs, shape: this.#shapeOf(rule), origin: rule.origin } : {}),
      ...(remaining === undefined ? {} : { remaining }),
      queued,
      inFlight: this.#inFlight.size,
      ...(freeAtMs > nowMs && Number.isFinite(freeAtMs) ? { freeAtMs } : {}),
      ...(Number.isFinite(freeAtMs) ? { freeInMs: Math.max(0, freeAtMs - nowMs) } : {}),
      refusals: this.#refusals,
    };
  }

  readonly #backlog = (): number => {
    let count = 0;
    for (const line of this.waiting ?? []) count += line.waiters.count;
    return count;
  };

  #shapeOf(rule: PacedRule): NonNullable<BucketView["shape"]> {
    if (rule.limit === 1) return "spacing";
    return this.#told?.turn.isProven && rule === this.#told.rule ? "fixed_window" : "window";
  }

  #freeAtOf(rule: PacedRule, nowMs: number, inFlight: number): number {
    const atMs = this.#freeByCount(rule, nowMs, inFlight);
    if (rule !== this.#told?.rule || inFlight >= rule.limit) return atMs;
    return Math.min(atMs, this.#told.turn.atMs);
  }

  /**
   * Our own count holds the instants of the answers. The provider counted each of them earlier by what is sure now, which is
   * known better than it was then: a process that has just begun is slow itself.
   */
  #freeByCount(rule: PacedRule, nowMs: number, inFlight: number): number {
    const { sureMs } = this.#roundTrip;
    return rule.freeAt(nowMs + sureMs, inFlight) - sureMs;
  }

  /** The provider says that more is left than this rule of ours would allow. On a slow line its word is too old to go by. */
  #isOverruled(rule: PacedRule, nowMs: number): boolean {
    if (rule !== this.#told?.rule || this.#roundTrip.minMs > rule.windowMs * freshPart) return false;
    return this.#told.leavesMore(nowMs);
  }

  #count(countedAtMs: number, nowMs: number): void {
    this.#tally?.add(countedAtMs);
    if (!this.#tally && this.#rules.length === 0) this.#tally = new Tally(countedAtMs);
    this.#shadow?.count(nowMs);
    for (const rule of this.#rules) {
      rule.count(nowMs);
      rule.rise(nowMs);
    }
  }

  /** Refused, but for another one's sake: it was not counted here. */
  #spare(fate: AnsweredFate, reading: RateLimitReading | undefined): void {
    this.#spared = { untilMs: fate.atMs + (fate.retryAfterMs ?? blindWaitBaseMs), blamed: fate.blamed ?? [] };
    if (reading?.remaining === undefined) this.#told?.giveBack();
  }

  #refuse(permit: BucketPermit, fate: AnsweredFate, reading: RateLimitReading | undefined, countedAtMs: number): void {
    this.#refusals++;
    this.#refusalsInARow++;
    this.#told?.turn.noteRefusal(permit.takenAtMs);
    const isNews = permit.order > this.#refusedUpTo;
    this.#refusedUpTo = this.#lastOrder;
    const asked = reading?.retryAfterMs ?? fate.retryAfterMs;
    const toldReset = reading?.remaining === 0 ? reading.resetAtMs : undefined;
    const freeAtMs = asked !== undefined ? fate.atMs + asked : toldReset;
    const blindMs = Math.min(blindWaitCapMs, blindWaitBaseMs * 2 ** Math.min(16, this.#refusalsInARow - 1));
    this.#notBeforeMs = Math.max(this.#notBeforeMs, freeAtMs ?? fate.atMs + blindMs);
    if (!isNews) return;
    this.#scouts = Math.min(this.#scouts, 0.5);
    if (reading?.remaining === undefined) this.#infer({ countedAtMs, nowMs: fate.atMs, freeAtMs });
  }

  /** A refusal without figures: what was taken until then is all there is to go by. */
  #infer(refusal: Refusal): void {
    const rule = this.#rules[0];
    if (!rule || (rule.origin === "inferred" && !rule.isProven)) {
      this.#tally ??= new Tally(refusal.countedAtMs);
      const inferred = inferRule(rule, this.#tally, refusal);
      if (inferred) this.#rules = [inferred];
      this.#tally.restart(refusal.freeAtMs ?? this.#notBeforeMs);
    } else lowerRules(this.#rules, { ...refusal, countedAtMs: refusal.nowMs });
  }

  #tell(permit: BucketPermit, reading: RateLimitReading, fate: AnsweredFate, countedAtMs: number): void {
    if (reading.windowMs !== undefined && reading.limit !== undefined) this.#describe(reading.limit, reading.windowMs);
    const told = (this.#told ??= new ToldWindow());
    let inFlightAfter = 0;
    let overtakingCount = 0;
    let before = 0;
    for (const other of this.#inFlight) {
      // On its way for as long as the quickest round trip: it may have overtaken the one that brought this reading.
      const mayHaveOvertaken = other.takenAtMs <= fate.atMs - this.#roundTrip.minMs * quickestPart;
      if (other.order > permit.order) inFlightAfter++;
      if (other.order > permit.order && mayHaveOvertaken) overtakingCount++;
      if (other.order < permit.order) before++;
    }
    const watch = told.rule ?? this.#shadow ?? this.#rules[0];
    // The answer speaks of the moment of counting, which for the others is known only to about half a round trip.
    const slackMs = this.#roundTrip.minMs / 2 + 2;
    const counted = watch ? watch.log.countAfter(fate.atMs - watch.windowMs - slackMs) : 1;
    const ownCount = counted + before + overtakingCount;
    told.update(reading, {
      order: permit.order,
      newestOrder: this.#lastOrder,
      sentAtMs: permit.takenAtMs,
      atMs: fate.atMs,
      inFlight: this.#inFlight.size,
      answeredMeanwhile: this.#lastOrder - this.#inFlight.size - 1 - permit.answeredBefore,
      overlapping: permit.companions + this.#lastOrder - permit.order,
      countedAtMs,
      inFlightAfter,
      overtakingCount,
      ownCount,
    });
    const { limit, remaining, resetAtMs } = reading;
    if (told.rule && !fate.isRefused) told.turn.noteAccepted(permit.takenAtMs, fate.atMs, told.rule.limit);
    if (told.rule && limit !== undefined && remaining !== undefined && resetAtMs !== undefined)
      told.turn.see({
        ...{ limit, remaining, resetAtMs },
        sentAtMs: permit.takenAtMs,
        atMs: fate.atMs,
        roundTripMs: this.#roundTrip.minMs,
        sureMs: this.#roundTrip.sureMs,
        windowMs: told.rule.windowMs,
      });
    told.rule ??= this.#rules.find((rule) => told.isSameAllowance(rule));
    if (told.limit !== undefined) told.rule?.become(told.limit);
    if (!told.rule && told.limit !== undefined && told.longestMs > 0)
      this.#watchAlong(told.limit, told.longestMs, fate.atMs);
    if (!told.rule && this.#shadow && told.isTrusted) {
      told.rule = this.#shadow;
      this.#rules = [...this.#rules.filter(({ origin }) => origin === "described"), this.#shadow];
      this.#shadow = undefined;
    }
  }

  #watchAlong(limit: number, windowMs: number, atMs: number): void {
    if (!this.#shadow) {
      this.#shadow = new PacedRule(limit, windowMs, "told");
      this.#shadow.count(atMs);
    }
    this.#shadow.become(limit);
    this.#shadow.windowMs = windowMs;
  }

  #describe(limit: number, windowMs: number): void {
    const rule = this.#rules.find((known) => known.windowMs === windowMs);
    if (rule) rule.become(limit);
    else this.#rules.push(new PacedRule(limit, windowMs, "told"));
  }

  #ownReadings(fate: AnsweredFate): readonly RateLimitReading[] {
    return fate.readings.filter(({ bucket, scope }) => bucket === this.identity.name && scope === this.identity.scope);
  }

  /** Of several windows of one allowance the first is followed closely; a longer one, of the day perhaps, is only kept. */
  #noteLonger({ limit, windowMs, remaining, resetAtMs }: RateLimitReading): void {
    if (limit !== undefined && windowMs !== undefined) this.#describe(limit, windowMs);
    if (remaining === 0 && resetAtMs !== undefined) this.#notBeforeMs = Math.max(this.#notBeforeMs, resetAtMs);
  }

  #tightest(nowMs: number): PacedRule | undefined {
    let tightest = this.#rules[0];
    for (const rule of this.#rules)
      if (tightest && rule.freeAt(nowMs, this.#inFlight.size) > tightest.freeAt(nowMs, this.#inFlight.size))
        tightest = rule;
    return tightest;
  }

  #ownLeft(nowMs: number, rule: PacedRule): number {
    return rule.limit - rule.log.countAfter(nowMs + this.#roundTrip.sureMs - rule.windowMs) - this.#inFlight.size;
  }

  #remaining(nowMs: number, rule: PacedRule | undefined): number | undefined {
    const own = rule ? this.#ownLeft(nowMs, rule) : undefined;
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
