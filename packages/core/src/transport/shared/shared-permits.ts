import type { Clock, Timer } from "../../clock.js";
import { mintId, type Random } from "../../random.js";
import { BrokerClock } from "./broker-clock.js";
import type { BudgetLink } from "./budget-link.js";
import { type HeldPermit, HeldPermits } from "./held-permits.js";
import { OwnShare } from "./own-share.js";
import { type SharedAnswer, type SharedCall, type SharedRule, sharedTimes, type WindowEnd } from "./shared-budget.js";

/** What was counted is told together: within this part of the window, and in these bounds. ASSUMED. */
const batchPart = 1 / 20;
const leastBatchMs = 2;
const mostBatchMs = 100;

/** Permits on their way are named again so often. */
const renewMs = sharedTimes.keepMs / 2;

export interface SharedPermitsOptions {
  readonly key: string;
  readonly holder: string;
  readonly link: BudgetLink;
  readonly clock: Clock;
  readonly random: Random;
  /** How many requests wait for a permit. */
  readonly queued: () => number;
  /** When the provider's window ends, if that is known; on our clock. */
  readonly end: () => WindowEnd | undefined;
  /** By so much a request may leave before an instant and surely be counted after it. */
  readonly sureMs: () => number;
  /** Called when `freeAt` may have changed. */
  readonly onChange: () => void;
}

/** A request that left: with a permit of the budget, or without one while it was out of reach. */
export interface SharedUse {
  readonly permit: HeldPermit | undefined;
  readonly epoch: string | undefined;
}

/**
 * One process's part of one shared allowance: asks for permits as far as requests wait, ahead of when they are due, tells in
 * batches what was counted, and goes on with a part of its own while the budget cannot be reached.
 */
export class SharedPermits {
  readonly #options: SharedPermitsOptions;
  readonly #brokerClock = new BrokerClock();
  readonly #held = new HeldPermits();
  readonly #share = new OwnShare();
  #rules: readonly SharedRule[] = [];
  #epoch: string | undefined;
  #turn = 0;
  #inFlight = 0;
  /** Counted and not told yet, on our clock. */
  #counted: number[] = [];
  #flushAtMs = Number.POSITIVE_INFINITY;
  #notBeforeMs = 0;
  /** A refusal of ours that was not told yet: nobody is to come before. */
  #refusedUntilMs: number | undefined;
  #hasReturned = false;
  #actedAlone = false;
  #holderCount = 1;
  /** When the budget last answered; nothing is known of the others before it ever did. */
  #heardAtMs: number | undefined;
  /** How many permits it can make use of, when others of its limits hold it back. */
  #appetite = Number.POSITIVE_INFINITY;
  #askAtMs = 0;
  #lastCallAtMs = 0;
  #isCalling = false;
  #isClosed = false;
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(options: SharedPermitsOptions) {
    this.#options = options;
  }

  get isDegraded(): boolean {
    return this.#options.link.isDegraded;
  }

  /** Nobody was ever met: the others are strangers, as they are to a bucket that shares nothing. */
  get isAlone(): boolean {
    return this.#heardAtMs === undefined && this.isDegraded;
  }

  expect(rules: readonly SharedRule[]): void {
    this.#rules = rules;
    this.#share.expect(rules, this.#holderCount);
  }

  /** Counts what was sent before, by this process or another that is gone. */
  recall(atMs: number): void {
    this.#share.count(atMs);
  }

  freeAt(nowMs: number): number {
    const heldAtMs = Math.max(nowMs, this.#held.dueAtMs, this.#notBeforeMs);
    if (heldAtMs <= nowMs) return heldAtMs;
    if (!this.isDegraded) {
      if (this.#held.unusedCount === 0) this.#plan(Math.max(nowMs, this.#askAtMs));
      return heldAtMs;
    }
    this.#plan(Math.max(nowMs, this.#options.link.retryAtMs));
    return Math.min(heldAtMs, Math.max(this.#shareFreeAt(nowMs), this.#notBeforeMs));
  }

  /** The others may still use what they were given, so our own part begins once that is over. */
  #shareFreeAt(nowMs: number): number {
    if (this.#heardAtMs === undefined) return nowMs;
    const overAtMs = this.#heardAtMs + Math.min(this.#longestMs, sharedTimes.mostUnknownMs);
    return Math.max(overAtMs, this.#share.freeAt(nowMs, this.#inFlight));
  }

  take(nowMs: number): SharedUse {
    this.#inFlight++;
    this.#appetite++;
    const isDue = Math.max(this.#held.dueAtMs, this.#notBeforeMs) <= nowMs;
    const permit = isDue ? this.#held.use() : undefined;
    if (!permit) this.#actedAlone = true;
    return { permit, epoch: this.#epoch };
  }

  /** The request never left, or was not counted. */
  unsent(use: SharedUse): void {
    this.#inFlight--;
    if (use.permit && use.epoch === this.#epoch) this.#held.putBack(use.permit);
    this.#plan(this.#options.clock.now());
  }

  counted(use: SharedUse, atMs: number): void {
    this.#inFlight--;
    if (use.permit && use.epoch === this.#epoch) this.#held.spend(use.permit);
    this.#share.count(atMs);
    this.#counted.push(atMs);
    this.#flushAtMs = Math.min(this.#flushAtMs, this.#options.clock.now() + this.#batchMs());
    this.#plan(this.#flushAtMs);
  }

  refused(use: SharedUse, notBeforeMs: number): void {
    this.#inFlight--;
    if (use.permit && use.epoch === this.#epoch) this.#held.spend(use.permit);
    this.#notBeforeMs = Math.max(this.#notBeforeMs, notBeforeMs);
    this.#refusedUntilMs = Math.max(this.#refusedUntilMs ?? 0, notBeforeMs);
    this.#plan(this.#options.clock.now());
  }

  /** Gives back what it has, as far as the budget can be reached. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    if (this.isDegraded || this.#epoch === undefined || (this.#held.isEmpty && this.#counted.length === 0)) return;
    this.#held.forget();
    await this.#options.link.exchange(this.#call(this.#options.clock.now(), 0));
  }

  /** Something that others wait for. */
  get #hasDuty(): boolean {
    return this.#hasReturned || this.#refusedUntilMs !== undefined;
  }

  get #longestMs(): number {
    return Math.max(...this.#rules.map(({ windowMs }) => windowMs));
  }

  #batchMs(): number {
    const shortestMs = Math.min(...this.#rules.map(({ windowMs }) => windowMs));
    return Math.min(mostBatchMs, Math.max(leastBatchMs, Math.floor(shortestMs * batchPart)));
  }

  #wanted(): number {
    return Math.max(0, Math.min(this.#options.queued() - this.#held.unusedCount, Math.floor(this.#appetite)));
  }

  #plan(atMs: number): void {
    if (this.#isClosed || this.#isCalling || atMs >= this.#timerAtMs || !Number.isFinite(atMs)) return;
    this.#timer?.cancel();
    this.#timerAtMs = atMs;
    this.#timer = this.#options.clock.setTimer(atMs, () => {
      this.#timer = undefined;
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      void this.#look();
    });
  }

  /** Calls when there is something to say, and plans when to look again. Without requests and permits it rests. */
  async #look(): Promise<void> {
    const nowMs = this.#options.clock.now();
    this.#dropStale(nowMs);
    const wanted = this.#wanted();
    const { link } = this.#options;
    const mayCall = !link.isDegraded || nowMs >= link.retryAtMs;
    const mustRenew = !this.#held.isEmpty && nowMs >= this.#lastCallAtMs + renewMs;
    const hasNews = nowMs >= this.#flushAtMs || this.#hasDuty || mustRenew;
    if (mayCall && (hasNews || (wanted > 0 && nowMs >= this.#askAtMs))) {
      this.#isCalling = true;
      await this.#exchange(nowMs, wanted);
      this.#isCalling = false;
      if (this.#isClosed) return;
      this.#options.onChange();
    }
    this.#planNext();
  }

  #planNext(): void {
    const nowMs = this.#options.clock.now();
    const { link } = this.#options;
    let atMs = Math.min(this.#flushAtMs, this.#held.staleAtMs(this.#notBeforeMs));
    if (this.#hasDuty) atMs = nowMs;
    if (!this.#held.isEmpty) atMs = Math.min(atMs, this.#lastCallAtMs + renewMs);
    if (this.#wanted() > 0) atMs = Math.min(atMs, Math.max(nowMs, this.#askAtMs));
    if (link.isDegraded) atMs = Math.max(atMs, link.retryAtMs);
    this.#plan(atMs);
  }

  #dropStale(nowMs: number): void {
    const count = this.#held.dropStale(nowMs, this.#notBeforeMs);
    if (count === 0) return;
    this.#hasReturned = true;
    this.#appetite = Math.max(1, Math.ceil(Math.min(this.#appetite, count) / 2));
  }

  async #exchange(nowMs: number, wanted: number): Promise<void> {
    let toldCount = this.#counted.length;
    let toldUntilMs = this.#refusedUntilMs;
    let answer = await this.#ask(this.#call(nowMs, wanted));
    if (answer?.mustTell) {
      this.#begin(answer.epoch);
      const laterMs = this.#options.clock.now();
      toldCount = this.#counted.length;
      toldUntilMs = this.#refusedUntilMs;
      answer = await this.#ask(this.#call(laterMs, wanted, [...this.#share.counted(laterMs)]));
    }
    if (!answer || answer.mustTell) return this.#dropOld();
    if (answer.epoch !== this.#epoch) this.#begin(answer.epoch);
    this.#counted = this.#counted.slice(toldCount);
    this.#flushAtMs = this.#counted.length > 0 ? this.#options.clock.now() + this.#batchMs() : Number.POSITIVE_INFINITY;
    if (this.#refusedUntilMs === toldUntilMs) this.#refusedUntilMs = undefined;
    this.#hasReturned = false;
    this.#actedAlone = false;
    this.#accept(answer);
  }

  /** However long the budget is out of reach, what no window remembers need not be told. */
  #dropOld(): void {
    const nowMs = this.#options.clock.now();
    this.#counted = this.#counted.filter((atMs) => atMs > nowMs - this.#longestMs);
    if (this.#refusedUntilMs !== undefined && this.#refusedUntilMs <= nowMs) this.#refusedUntilMs = undefined;
    if (this.#counted.length === 0) this.#flushAtMs = Number.POSITIVE_INFINITY;
  }

  async #ask(call: SharedCall): Promise<SharedAnswer | undefined> {
    const { link, clock } = this.#options;
    const askedAtMs = clock.now();
    this.#lastCallAtMs = askedAtMs;
    const answer = await link.exchange(call);
    if (!answer) return undefined;
    if (answer.epoch !== this.#epoch) this.#brokerClock.reset();
    this.#brokerClock.observe(askedAtMs, clock.now(), answer.nowMs);
    return answer;
  }

  #call(nowMs: number, wanted: number, history?: readonly number[]): SharedCall {
    const { key, holder, random } = this.#options;
    const counted = this.#brokerClock.isSet ? (history ?? this.#counted) : [];
    const { lastAtMs } = this.#share;
    const end = this.#brokerClock.isSet ? this.#options.end() : undefined;
    return {
      key,
      holder,
      turn: ++this.#turn,
      rules: this.#rules,
      ...(this.#epoch === undefined ? {} : { epoch: this.#epoch }),
      newEpoch: mintId("ep", nowMs, random),
      holds: this.#held.ids(),
      counted: counted.map((atMs) => this.#brokerClock.theirs(atMs, nowMs)),
      wanted,
      sureMs: this.#options.sureMs(),
      ...(this.#refusedUntilMs !== undefined && this.#brokerClock.isSet
        ? { notBeforeMs: this.#brokerClock.theirs(this.#refusedUntilMs, nowMs) }
        : {}),
      ...(end ? { end: { ...end, atMs: this.#brokerClock.theirs(end.atMs, nowMs) } } : {}),
      ...(Number.isFinite(lastAtMs) ? { sinceLastMs: Math.max(0, nowMs - lastAtMs) } : {}),
      ...(this.#actedAlone ? { actedAlone: true } : {}),
    };
  }

  /** Another state than the one that our permits were of. */
  #begin(epoch: string): void {
    this.#epoch = epoch;
    this.#held.forget();
  }

  #accept(answer: SharedAnswer): void {
    const nowMs = this.#options.clock.now();
    const ours = (atMs: number): number => this.#brokerClock.ours(atMs, nowMs);
    this.#held.add(answer.permits.map(({ id, dueAtMs }) => ({ id, dueAtMs: ours(dueAtMs) })));
    if (answer.notBeforeMs > answer.nowMs) this.#notBeforeMs = Math.max(this.#notBeforeMs, ours(answer.notBeforeMs));
    this.#heardAtMs = nowMs;
    this.#askAtMs = nowMs + answer.askInMs;
    this.#holderCount = answer.holderCount;
    this.#share.expect(this.#rules, answer.holderCount);
  }
}
