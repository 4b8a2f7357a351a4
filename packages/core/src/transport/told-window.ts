import type { RateLimitReading } from "../contract/index.js";
import type { PacedRule } from "./paced-rule.js";
import { Strangers } from "./strangers.js";

export interface Telling {
  /** Order of leaving of the request whose answer told it. */
  readonly order: number;
  readonly atMs: number;
  readonly countedAtMs: number;
  /** Requests that left later and are not answered: the provider may not have counted them yet. */
  readonly inFlightAfter: number;
  /** Our own in the window that the provider has counted, this one included. */
  readonly ownCount: number;
}

/** Whole seconds are often all that a reset tells. */
const coarseMs = 1_000;

/** So many windows in a row must begin with the whole limit before the next is taken as full without asking. ASSUMED. */
const fullBeginningsToTrust = 2;

/** What answers tell of one allowance: how much is left until when, and how much of it goes to strangers. */
export class ToldWindow {
  /** The rule of ours that describes the same allowance, once it is plain which. */
  rule: PacedRule | undefined;
  limit: number | undefined;
  /** The longest time to a reset that was told: the window is at least so long. */
  longestMs = 0;
  readonly #strangers = new Strangers();
  #left = Number.POSITIVE_INFINITY;
  #resetAtMs = Number.NEGATIVE_INFINITY;
  #order = 0;
  /** The window's end passed and nothing is told of the next. */
  #isOver = false;
  #fullBeginnings = 0;

  update(reading: RateLimitReading, telling: Telling): void {
    const { resetAtMs, remaining } = reading;
    if (reading.limit !== undefined) this.limit = reading.limit;
    if (resetAtMs !== undefined) this.longestMs = Math.max(this.longestMs, resetAtMs - telling.countedAtMs);
    if (remaining === undefined || telling.order < this.#order) return;
    this.#roll(telling.atMs, telling.inFlightAfter);
    if (this.#isOver) this.#noteBeginning(remaining + telling.ownCount);
    this.#order = telling.order;
    this.#left = remaining - telling.inFlightAfter;
    if (resetAtMs !== undefined) this.#noteReset(resetAtMs);
    if (this.limit !== undefined) this.#strangers.observe(this.limit - remaining - telling.ownCount, telling.ownCount);
  }

  freeAt(nowMs: number, inFlightCount: number): number {
    this.#roll(nowMs, inFlightCount);
    // Our own count knows it all, and knows the instants better than a rounded reset does.
    if (this.rule && this.#strangers.areAbsent) return nowMs;
    // One goes ahead and asks.
    if (this.#isOver) return inFlightCount > 0 ? Number.POSITIVE_INFINITY : nowMs;
    if (this.#left - this.#strangers.reserveOf(this.#left) >= 1) return nowMs;
    return Math.max(nowMs, this.#resetAtMs);
  }

  spend(): void {
    this.#left--;
  }

  giveBack(): void {
    this.#left++;
  }

  /** A refusal says that others had all that we had not. */
  noteRefusal(ownCount: number): void {
    if (this.limit !== undefined) this.#strangers.observe(this.limit - ownCount, ownCount);
  }

  remaining(nowMs: number): number | undefined {
    return nowMs < this.#resetAtMs && Number.isFinite(this.#left) ? Math.max(0, this.#left) : undefined;
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
    this.#strangers.nextWindow();
    if (this.isTrusted) {
      this.#left = (this.limit as number) - inFlightCount;
      this.#resetAtMs = nowMs + (this.rule?.windowMs ?? this.longestMs);
    } else this.#isOver = true;
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
