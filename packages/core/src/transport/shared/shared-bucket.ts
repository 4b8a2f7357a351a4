import type { InstantMs, LimitRule, RateLimitReading } from "../../contract/index.js";
import { Bucket, type BucketIdentity } from "../bucket.js";
import type { BucketView } from "../exchange.js";
import type { AnsweredFate, Fate, Permit } from "../resource.js";
import type { RoundTrip } from "../round-trip.js";
import { WindowTurn } from "../window-turn.js";
import type { SharedRule, WindowEnd } from "./shared-budget.js";
import type { SharedPermits, SharedUse } from "./shared-permits.js";
import { ToldRule } from "./told-rule.js";

/** After a refusal that says nothing of when to come back, everybody waits so long. ASSUMED. */
const blindWaitMs = 1_000;

class SharedBucketPermit implements Permit {
  readonly #bucket: SharedBucket;
  readonly #own: Permit;
  readonly #permits: SharedPermits;
  readonly #use: SharedUse;

  constructor(bucket: SharedBucket, own: Permit, permits: SharedPermits, use: SharedUse) {
    this.#bucket = bucket;
    this.#own = own;
    this.#permits = permits;
    this.#use = use;
  }

  settle(fate: Fate): void {
    const use = this.#use;
    if (fate.kind === "unsent") this.#permits.unsent(use);
    else if (fate.kind === "lost") this.#permits.counted(use, fate.atMs);
    else if (!fate.isRefused) {
      this.#bucket.watchEnd(fate);
      // At the latest. The way back is not taken off: another process, with a quicker way there, may be next.
      this.#permits.counted(use, fate.atMs);
    } else if (fate.blamed?.includes(this.#bucket) === false) this.#permits.unsent(use);
    else {
      this.#bucket.doubtEnd(fate);
      this.#permits.refused(use, fate.atMs + this.#bucket.askedMs(fate));
    }
    this.#own.settle(fate.kind === "answered" ? this.#bucket.heard(fate) : fate);
  }
}

/**
 * A bucket whose allowance other processes spend of too, and who share it. It keeps to its own rules as any bucket does, and
 * needs a permit of all of them together beside that. What answers tell of the others' spending is known better from the
 * permits, so only the limit itself is still read from them.
 */
export class SharedBucket extends Bucket {
  readonly #roundTrip: RoundTrip;
  readonly #permits: SharedPermits;
  #described: readonly LimitRule[] = [];
  /** Empty while no limit is known: then there is nothing to share yet. */
  #rules: readonly SharedRule[] = [];
  /** Which of them the answers' figures speak of. */
  #toldPlace = -1;
  #toldRule: ToldRule | undefined;
  #knowsStrangers = false;
  readonly #turn: WindowTurn = new WindowTurn();

  constructor(
    identity: BucketIdentity,
    roundTrip: RoundTrip,
    described: readonly LimitRule[],
    isOpen: boolean,
    makePermits: (bucket: SharedBucket) => SharedPermits,
  ) {
    super(identity, roundTrip, described, isOpen);
    this.#roundTrip = roundTrip;
    this.#permits = makePermits(this);
    this.expect(described);
  }

  override expect(described: readonly LimitRule[]): void {
    // The base expects them before there is anything of ours.
    if (!(#permits in this)) return super.expect(described);
    // What was learned stays while nobody describes anything.
    if (described.length === 0 && this.#rules.length > 0 && this.#described.length === 0) return;
    super.expect(described);
    if (
      described.length === this.#described.length &&
      described.every((rule, place) => rule === this.#described[place])
    )
      return;
    this.#described = described;
    this.#toldPlace = -1;
    this.#share(described.map(({ limit, windowMs }) => ({ limit, windowMs })));
  }

  override recall(departures: readonly InstantMs[]): void {
    super.recall(departures);
    for (const atMs of departures) this.#permits.recall(atMs);
  }

  override freeAt(nowMs: number): number {
    const ownMs = super.freeAt(nowMs);
    return this.#rules.length === 0 ? ownMs : Math.max(ownMs, this.#permits.freeAt(nowMs));
  }

  override take(nowMs: number): Permit {
    const own = super.take(nowMs);
    if (this.#rules.length === 0) return { settle: (fate) => own.settle(this.#learned(fate)) };
    return new SharedBucketPermit(this, own, this.#permits, this.#permits.take(nowMs));
  }

  override view(nowMs: number, queued: number): BucketView {
    const view = super.view(nowMs, queued);
    if (this.#rules.length === 0) return view;
    return { ...view, shared: this.#permits.isDegraded ? "degraded" : "shared" };
  }

  /** Gives back what it holds. */
  close(): Promise<void> {
    return this.#permits.close();
  }

  /** The window's end, where answers prove that it is a fixed one. */
  endOfWindow(nowMs: number): WindowEnd | undefined {
    const rule = this.#rules[this.#toldPlace];
    if (!rule) return undefined;
    if (nowMs >= this.#turn.atMs) this.#turn.take(rule.windowMs);
    return Number.isFinite(this.#turn.atMs) ? { windowMs: rule.windowMs, atMs: this.#turn.atMs } : undefined;
  }

  watchEnd(fate: AnsweredFate): void {
    const [reading] = this.#ownReadings(fate);
    const { limit, remaining, resetAtMs } = reading ?? {};
    if (limit === undefined || remaining === undefined || resetAtMs === undefined) return;
    const { sentAtMs, atMs } = fate;
    this.#toldPlace = this.#placeOf(limit);
    const rule = this.#rules[this.#toldPlace];
    if (!rule || rule.limit !== limit) return;
    if (sentAtMs >= this.#turn.atMs) this.#turn.take(rule.windowMs);
    this.#turn.noteAccepted(sentAtMs, atMs, limit);
    if (this.#turn.isLate(resetAtMs)) return;
    const { minMs: roundTripMs } = this.#roundTrip;
    this.#turn.see({ limit, remaining, resetAtMs, sentAtMs, atMs, roundTripMs, sureMs: 0, windowMs: rule.windowMs });
  }

  doubtEnd({ sentAtMs }: AnsweredFate): void {
    this.#turn.noteRefusal(sentAtMs);
  }

  /** How long a refusal asks everybody to wait. */
  askedMs(fate: AnsweredFate): number {
    const [reading] = this.#ownReadings(fate);
    const asked = reading?.retryAfterMs ?? fate.retryAfterMs;
    if (asked !== undefined) return asked;
    const isUsedUp = reading?.remaining === 0 && reading.resetAtMs !== undefined;
    return isUsedUp ? Math.max(0, reading.resetAtMs - fate.atMs) : blindWaitMs;
  }

  /** The answer as the base is to hear it: without what the others spent. */
  heard(fate: AnsweredFate): AnsweredFate {
    if (this.#permits.isAlone) {
      this.#knowsStrangers = true;
      return fate;
    }
    if (this.#knowsStrangers) this.#forgetStrangers();
    for (const reading of this.#ownReadings(fate)) this.#follow(reading);
    const readings = fate.readings.map((reading) => {
      if (!this.#isOwn(reading)) return reading;
      const { remaining: _remaining, resetAtMs: _resetAtMs, ...rest } = reading;
      return rest;
    });
    if (!fate.isRefused) return { ...fate, readings };
    return { ...fate, readings, retryAfterMs: this.askedMs(fate) };
  }

  /** Those whom it took for strangers share with it. */
  #forgetStrangers(): void {
    this.#knowsStrangers = false;
    // Rules that are new to the base make it judge anew; what it counted stays.
    const described = this.#described.length > 0 ? this.#described : this.#rules.map((rule) => this.#told(rule));
    super.expect(described.map((rule) => ({ ...rule })));
    super.expect(described);
  }

  #learned(fate: Fate): Fate {
    if (fate.kind !== "answered" || this.#rules.length > 0) return fate;
    const [reading] = this.#ownReadings(fate);
    if (!reading) return fate;
    this.#toldRule ??= new ToldRule();
    const rule = this.#toldRule.observe(reading, fate.atMs);
    if (!rule) return fate;
    super.expect([this.#told(rule)]);
    this.#toldRule = undefined;
    this.#toldPlace = 0;
    this.#share([rule]);
    this.#permits.recall(fate.atMs);
    return this.heard(fate);
  }

  #told(rule: SharedRule): LimitRule {
    const { name: bucket, scope } = this.identity;
    return { bucket, scope, ...rule, source: "answers", asOf: "" };
  }

  /** Another limit than before, told by an answer. */
  #follow({ limit, windowMs }: RateLimitReading): void {
    if (limit === undefined || limit < 1) return;
    const place =
      windowMs === undefined ? this.#placeOf(limit) : this.#rules.findIndex((one) => one.windowMs === windowMs);
    const rule = this.#rules[place];
    if (rule && rule.limit !== limit) this.#share(this.#rules.with(place, { ...rule, limit }));
  }

  #placeOf(limit: number): number {
    if (this.#rules.length === 1) return 0;
    if (this.#toldPlace < 0) this.#toldPlace = this.#rules.findIndex((rule) => rule.limit === limit);
    return this.#toldPlace;
  }

  #share(rules: readonly SharedRule[]): void {
    this.#rules = rules;
    if (rules.length > 0) this.#permits.expect(rules);
  }

  #ownReadings({ readings }: AnsweredFate): readonly RateLimitReading[] {
    return readings.filter((reading) => this.#isOwn(reading));
  }

  #isOwn({ bucket, scope }: RateLimitReading): boolean {
    return bucket === this.identity.name && scope === this.identity.scope;
  }
}
