/** So much of what earlier windows told counts with each that passes. ASSUMED: soon to notice who came, steady enough to count them. */
const memory = 0.7;

/**
 * While others are there our sends are spread, so that each sees what the others took: as if so many clients shared the limit
 * over this part of a window. The same for all, whatever they think of each other: who goes faster gets more, takes the others
 * for fewer, and goes faster still. ASSUMED.
 */
const spreadPart = 0.2;
const spreadClients = 3;

/**
 * Part of the window after which a client that stopped for the others' sake looks whether they left something; so much later
 * for each more that it saw left. ASSUMED.
 */
const latePart = 0.25;
const laterPart = 0.02;

/** So many more than our part we must have had, to conclude that the others leave some of theirs. ASSUMED. */
const beyondPart = 1;

/** Fewer, or less than this part of ours, may as well be our own, miscounted at a window's turn or on a slow line. ASSUMED. */
const plainCount = 2;
const plainPart = 0.2;

/** So many answers of ours in a row between which nobody else spent: they have gone. ASSUMED. */
const quietAnswers = 2;

/** So many of our sends tell whether one of the others has gone within the window: about so many fewer are seen then. ASSUMED. */
const recentSends = 4;
const goneCount = 0.75;

/**
 * Others who spend of the same allowance without our knowing: seen by `remaining` falling faster than we spend.
 *
 * They are taken for as many clients like us as their spending suggests. Each client spreads its sends a little and keeps no
 * more in flight than its part of what it last saw left, rounded down. As every answer tells another figure, whoever sees fewer
 * left than there are clients can stop: if all did, one of them saw nothing left, so all of it was used and nobody was refused.
 */
export class Strangers {
  /** In this window. */
  #spent = 0;
  #own = 0;
  /** In the windows before, fading. */
  #spentBefore = 0;
  #ownBefore = 0;
  #quiet = 0;
  /** What they had spent in this window as of our last answers, the newest last. */
  #recent: number[] = [];

  get areAbsent(): boolean {
    return this.count === 0 && this.#spent === 0;
  }

  /** What they and we spent in this window, as an answer tells it. */
  observe(spent: number, own: number): void {
    const known = Math.max(0, spent);
    this.#quiet = known > this.#spent ? 0 : this.#quiet + 1;
    this.#spent = known;
    this.#own = own;
    if (known === 0 && this.count === 0) return;
    this.#recent.push(known);
    if (this.#recent.length > recentSends + 1) this.#recent.shift();
  }

  /** How many there are, taken for clients like us. */
  get count(): number {
    const own = this.#own + this.#ownBefore;
    const spent = this.#spent + this.#spentBefore;
    if (own === 0 || spent < Math.max(plainCount, own * plainPart)) return 0;
    // However little it spends, somebody is there.
    return Math.max(1, Math.round(spent / own));
  }

  /** Our part of what is left: how many of ours may be in flight. */
  partOf(left: number): number {
    const { count } = this;
    const recent = this.#recentCount();
    const part = Math.floor(left / (1 + (recent < count - goneCount ? Math.round(recent) : count)));
    return this.#quiet >= quietAnswers ? Math.max(part, Math.min(1, left)) : part;
  }

  /** How long our sends stay apart in a window of this length. */
  gapMs(limit: number, windowMs: number): number {
    return this.count === 0 ? 0 : (spreadPart * windowMs * spreadClients) / limit;
  }

  /**
   * We had more than our part, so somebody takes less than theirs, perhaps as they have finished. Who saw more left must be surer:
   * others saw less, and are more likely to be right.
   */
  leaveSome(limit: number, left: number): boolean {
    return this.#own > limit / (1 + this.count) + beyondPart * left;
  }

  /** How long after a window's beginning to look whether something was left: who saw less left knows more, and goes first. */
  lateMs(left: number, windowMs: number): number {
    return (latePart + laterPart * (left - 1)) * windowMs;
  }

  nextWindow(): void {
    // Who was seen in no answer of the window is not known to have gone.
    if (this.#own > 0) {
      this.#spentBefore = this.#spent === 0 ? 0 : this.#spentBefore * memory + this.#spent;
      this.#ownBefore = this.#spent === 0 ? 0 : this.#ownBefore * memory + this.#own;
    }
    this.#spent = 0;
    this.#own = 0;
    this.#quiet = 0;
    if (this.#recent.length > 0) this.#recent = [];
  }

  #recentCount(): number {
    const [first = 0, ...later] = this.#recent;
    return later.length < recentSends ? Number.POSITIVE_INFINITY : ((later.at(-1) ?? first) - first) / later.length;
  }
}
