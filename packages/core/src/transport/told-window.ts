import type { RateLimitReading } from "../contract/index.js";
import type { PacedRule } from "./paced-rule.js";
import { Strangers } from "./strangers.js";
import { WindowTurn } from "./window-turn.js";

export interface Telling {
  /** Order of leaving of the request whose answer told it. */
  readonly order: number;
  /** Order of the newest of ours. */
  readonly newestOrder: number;
  readonly sentAtMs: number;
  readonly atMs: number;
  /** All of ours that are not answered. */
  readonly inFlight: number;
  /** Others of ours that were answered while it was under way: the provider may have counted them after it. */
  readonly answeredMeanwhile: number;
  /** Others of ours that were under way at some moment while it was. */
  readonly overlapping: number;
  readonly countedAtMs: number;
  /** Requests that left later and are not answered: the provider may not have counted them yet. */
  readonly inFlightAfter: number;
  /** Those of them that may have been counted all the same. */
  readonly overtakingCount: number;
  /** Our own in the window that the provider has counted, this one included. */
  readonly ownCount: number;
}

/** Whole seconds are often all that a reset tells. */
const coarseMs = 1_000;

/** Part of the limit that counts as nearly all of it. ASSUMED. */
const nearlyWhole = 0.7;

/** So many windows in a row must begin with the whole limit before the next is taken as full without asking. ASSUMED. */
const fullBeginningsToTrust = 2;

/** What answers tell of one allowance: how much is left until when, and how much of it goes to strangers. */
export class ToldWindow {
  /** The rule of ours that describes the same allowance, once it is plain which. */
  rule: PacedRule | undefined;
  limit: number | undefined;
  /** The longest time to a reset that was told: the window is at least so long. */
  longestMs = 0;
  readonly turn: WindowTurn = new WindowTurn();
  readonly #strangers = new Strangers();
  /** As last told. */
  #left = Number.POSITIVE_INFINITY;
  /** Ours that left since and that the figure does not count yet. */
  #outstanding = 0;
  /** Ours that were answered and yet may not be counted in the figure. */
  #doubtful = 0;
  #resetAtMs = Number.NEGATIVE_INFINITY;
  #order = 0;
  /** When the newest of ours left. */
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  /** The figures come from an answer of this window, not from what the last one let expect. */
  #isTold = false;
  /** The window's end passed and nothing is told of the next. */
  #isOver = false;
  #fullBeginnings = 0;
  /** `remaining` as last told, and the order of the newest request that the last window before this one counted. */
  #lastRemaining = Number.POSITIVE_INFINITY;
  #lastOrderBefore = 0;
  /** Whether the figure jumps back to the whole at once, as it does in a fixed window. */
  #jumps = false;

  update(reading: RateLimitReading, telling: Telling): void {
    const { resetAtMs, remaining } = reading;
    if (reading.limit !== undefined) this.limit = reading.limit;
    if (resetAtMs !== undefined) this.longestMs = Math.max(this.longestMs, resetAtMs - telling.countedAtMs);
    if (remaining === undefined || this.turn.isLate(resetAtMs)) return;
    this.#roll(telling.atMs, telling.inFlightAfter);
    if (!this.#isOver && this.#isStale(remaining, telling)) {
      // It was under way when the last figure came, which counted it all the same.
      if (this.#outstanding > telling.inFlight) this.#outstanding = telling.inFlight;
      return;
    }
    if (this.#isOver) this.#noteBeginning(remaining + telling.ownCount);
    this.#noteJump(remaining, telling);
    this.#order = Math.max(this.#order, telling.order);
    this.#toldAtMs = telling.atMs;
    this.#isTold = true;
    this.#left = remaining;
    this.#outstanding = telling.inFlight;
    this.#doubtful = telling.answeredMeanwhile;
    if (resetAtMs !== undefined) this.#noteReset(resetAtMs);
    const own = this.#ownInWindow(telling);
    if (this.limit !== undefined) this.#strangers.observe(this.limit - remaining - own, own);
  }

  /** `backlog`: how many of ours wait, asked for when it matters. */
  freeAt(nowMs: number, inFlightCount: number, backlog: () => number): number {
    this.#roll(nowMs, inFlightCount);
    // Our own count knows it all, and knows the instants better than a rounded reset does.
    if (this.rule && this.#strangers.areAbsent) return nowMs;
    // One goes ahead and asks.
    if (this.#isOver) return inFlightCount > 0 ? Number.POSITIVE_INFINITY : nowMs;
    if (this.#strangers.partOf(this.#left) > this.#outstanding) return Math.max(nowMs, this.#sentAtMs + this.#gapMs());
    return Math.max(nowMs, Math.min(this.#resetAtMs, this.turn.atMs, this.#lateAtMs(backlog)));
  }

  /**
   * Whether the provider itself says that more is left of this window. Its word goes before our own count, which takes every
   * window for a sliding one and so keeps a burst as spread as it once was.
   */
  leavesMore(nowMs: number): boolean {
    return (
      this.#isTold &&
      nowMs < this.#resetAtMs &&
      this.#strangers.areAbsent &&
      this.#left > this.#outstanding + this.#doubtful
    );
  }

  /** A proven turn came: the window is whole again, whatever our own count remembers of the one before. */
  takeTurn(nowMs: number, inFlightCount: number): void {
    if (!this.rule || nowMs < this.turn.atMs) return;
    // What was answered since the reset may have been counted in the new window already.
    this.rule.log.forgetUntil(this.turn.resetAtMs);
    this.turn.take(this.rule.windowMs);
    // The reset that was told may have come a moment before it.
    if (this.#resetAtMs < nowMs + this.rule.windowMs / 2) this.#begin(nowMs, inFlightCount);
  }

  spend(nowMs: number): void {
    this.#outstanding++;
    this.#sentAtMs = nowMs;
  }

  giveBack(): void {
    this.#outstanding--;
  }

  remaining(nowMs: number): number | undefined {
    return nowMs < this.#resetAtMs && Number.isFinite(this.#left)
      ? Math.max(0, this.#left - this.#outstanding)
      : undefined;
  }

  /** Whether the figures speak of the allowance that this rule describes. */
  isSameAllowance(rule: PacedRule): boolean {
    return this.limit === rule.limit && this.longestMs <= rule.windowMs + coarseMs;
  }

  /** The next window can be taken as full without asking. */
  get isTrusted(): boolean {
    return this.limit !== undefined && (this.rule !== undefined || this.#fullBeginnings >= fullBeginningsToTrust);
  }

  /** Past the window's end: where windows are known to begin full, the next one does. */
  #roll(nowMs: number, inFlightCount: number): void {
    if (nowMs < this.#resetAtMs || this.#isOver || this.#resetAtMs === Number.NEGATIVE_INFINITY) return;
    if (this.isTrusted) return this.#begin(nowMs, inFlightCount);
    this.#strangers.nextWindow();
    this.#isTold = false;
    this.#isOver = true;
  }

  #begin(nowMs: number, inFlightCount: number): void {
    this.#strangers.nextWindow();
    this.#isTold = false;
    this.#left = this.limit as number;
    this.#outstanding = inFlightCount;
    this.#resetAtMs = nowMs + (this.rule?.windowMs ?? this.longestMs);
  }

  get #windowMs(): number {
    return this.rule?.windowMs ?? this.longestMs;
  }

  #gapMs(): number {
    return this.limit === undefined ? 0 : this.#strangers.gapMs(this.limit, this.#windowMs);
  }

  /** When to look whether the others left what they could have had. */
  #lateAtMs(backlog: () => number): number {
    const left = this.#left - this.#outstanding;
    if (left < 1 || this.#outstanding > 0 || this.limit === undefined) return Number.POSITIVE_INFINITY;
    if (!this.#strangers.leaveSome(this.limit, left) && backlog() > left) return Number.POSITIVE_INFINITY;
    return this.#resetAtMs - this.#windowMs + this.#strangers.lateMs(left, this.#windowMs);
  }

  /** In a fixed window our own count must not hold on to the window before: what left since the jump is what it holds. */
  #ownInWindow({ ownCount, newestOrder, inFlightAfter, overtakingCount }: Telling): number {
    const leftSince = newestOrder - this.#lastOrderBefore - (inFlightAfter - overtakingCount);
    return this.#jumps ? Math.min(ownCount, leftSince) : ownCount;
  }

  #noteJump(remaining: number, { inFlight, inFlightAfter }: Telling): void {
    if (remaining > this.#lastRemaining) {
      const limit = this.limit ?? Number.POSITIVE_INFINITY;
      this.#jumps = remaining >= limit * nearlyWhole && this.#lastRemaining <= limit * (1 - nearlyWhole);
      // Those that left before it and are not answered may have been counted after the jump all the same.
      this.#lastOrderBefore = this.#order - (inFlight - inFlightAfter);
    }
    this.#lastRemaining = remaining;
  }

  /**
   * Answers overtake each other. One that was under way together with the last may be older, unless it tells of less left;
   * a rise beyond what those under way can explain is a new window.
   */
  #isStale(remaining: number, { sentAtMs, overlapping }: Telling): boolean {
    if (sentAtMs >= this.#toldAtMs || remaining < this.#left) return false;
    return remaining - this.#left <= (overlapping + 1) * (1 + this.#strangers.count);
  }

  #noteBeginning(whole: number): void {
    this.#isOver = false;
    this.#fullBeginnings = this.limit !== undefined && whole >= this.limit ? this.#fullBeginnings + 1 : 0;
  }

  /** Rounded resets of one window differ by less than a second: the earliest of them is the nearest to the truth. */
  #noteReset(resetAtMs: number): void {
    const isSameWindow = resetAtMs > this.#resetAtMs && resetAtMs - this.#resetAtMs < coarseMs && isWhole(resetAtMs);
    if (!isSameWindow) this.#resetAtMs = resetAtMs;
  }
}

function isWhole(atMs: number): boolean {
  return atMs % coarseMs === 0;
}
