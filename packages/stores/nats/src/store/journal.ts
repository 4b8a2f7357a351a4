import { isColloquyError } from "@colloquy/core/contract";
import type { Stored, StreamLog } from "./stream-log.js";

/**
 * When what a new whole state would remove (events since the last one, and what has gone from that one) has so many bytes, and
 * more than that state would have, it is written. So all of it costs no more than the events themselves did.
 */
const leastFoldBytes = 65_536;

/** How a state comes out of events. A state goes into a message as JSON, and comes back by `restore`. */
export interface Fold<State, Event, Kept> {
  empty(): State;
  apply(state: State, event: Event): void;
  keep(state: State): Kept;
  restore(kept: Kept): State;
  /** About how much of what was written is not in the state any more. */
  freedBytes?(state: State): number;
}

export type Body<Event, Kept> = { readonly event: Event } | { readonly whole: Kept };

type Taken<Event, Kept> = Pick<Stored<Body<Event, Kept>>, "seq" | "stamp" | "body" | "bytes" | "hasParts">;

/** What to write, and what to answer once it is written. */
export interface Decision<Event, Result> {
  readonly event?: Event;
  /** Writes the whole state, and removes what was before. */
  readonly forgetsPast?: boolean;
  readonly result: () => Result;
}

export interface JournalOptions {
  /** Each write keeps the whole state and removes what was before: for what must not be found any more. Default false. */
  readonly keepsNoPast?: boolean;
}

/**
 * A state as the sum of events on one subject. A writer decides on the state that it knows; the stream takes the event only
 * when there is no newer one, and otherwise the writer reads what it missed and decides anew. So each step is one write, however
 * many rows it changes, and a step that was cut short is there whole or not at all. From time to time the whole state is written
 * and what was before it is removed.
 */
export class Journal<State, Event, Kept> {
  readonly #log: StreamLog;
  readonly #subject: string;
  readonly #fold: Fold<State, Event, Kept>;
  readonly #options: JournalOptions;
  #state: State;
  #seq = 0;
  #wholeBytes = 0;
  #eventBytes = 0;
  /** Of messages since the whole state, that one included, whose parts lie beside them. */
  #withParts: string[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(log: StreamLog, subject: string, fold: Fold<State, Event, Kept>, options: JournalOptions = {}) {
    this.#log = log;
    this.#subject = subject;
    this.#fold = fold;
    this.#options = options;
    this.#state = fold.empty();
  }

  /** About what its state takes in memory. */
  get bytes(): number {
    return this.#wholeBytes + this.#eventBytes;
  }

  /** Does not ask the server when it knows message `knownSeq` of the stream already. */
  read<Result>(look: (state: State) => Result, knownSeq: number = Number.POSITIVE_INFINITY): Promise<Result> {
    return this.#inTurn(async () => {
      if (this.#seq < knownSeq) await this.#catchUp();
      return look(this.#state);
    });
  }

  /** `decide` is asked again when somebody else wrote in between. */
  change<Result>(decide: (state: State) => Decision<Event, Result>): Promise<Result> {
    return this.#inTurn(async () => {
      let isFresh = false;
      for (;;) {
        const { event, result, forgetsPast = this.#options.keepsNoPast ?? false } = decide(this.#state);
        if (event !== undefined && (await this.#append({ event }, forgetsPast ? event : undefined))) {
          await this.#foldIfLong();
          return result();
        }
        if (event === undefined && isFresh) return result();
        await this.#catchUp();
        isFresh = event === undefined || isFresh;
      }
    });
  }

  /** With `last`, what it comes to takes the place of all that was before. */
  async #append(body: Body<Event, Kept>, last?: Event): Promise<boolean> {
    const stamp = this.#log.newStamp();
    let written = body;
    if (last !== undefined) {
      const next = this.#fold.restore(this.#fold.keep(this.#state));
      this.#fold.apply(next, last);
      written = { whole: this.#fold.keep(next) };
    }
    const before = this.#withParts;
    const appended = await this.#log.append(this.#subject, written, this.#seq, stamp);
    if (!appended) return false;
    this.#take({ ...appended, stamp, body: written });
    if ("whole" in written) {
      await this.#log.purge(this.#subject, appended.seq);
      for (const old of before) await this.#log.forgetParts(this.#subject, old);
    }
    return true;
  }

  async #foldIfLong(): Promise<void> {
    const freedBytes = this.#fold.freedBytes?.(this.#state) ?? 0;
    const remainingBytes = Math.max(leastFoldBytes, this.#wholeBytes - freedBytes);
    if (this.#eventBytes + freedBytes < remainingBytes) return;
    // Nothing hangs on it: when somebody else writes now, one of the next writes does it.
    await this.#append({ whole: this.#fold.keep(this.#state) });
  }

  async #catchUp(): Promise<void> {
    const last = await this.#log.last<Body<Event, Kept>>(this.#subject);
    if (!last || last.seq < this.#seq) this.#forget();
    if (!last || last.seq === this.#seq) return;
    if ("whole" in last.body) return this.#take(last);
    try {
      await this.#takeUntil(last);
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "STORE_CORRUPT") throw error;
      // The whole state may have been written just now, and the parts before it removed.
      this.#forget();
      const newest = await this.#log.last<Body<Event, Kept>>(this.#subject);
      if (newest) await this.#takeUntil(newest);
    }
  }

  async #takeUntil(last: Stored<Body<Event, Kept>>): Promise<void> {
    for (const message of await this.#log.between<Body<Event, Kept>>(this.#subject, this.#seq, last.seq))
      this.#take(message);
  }

  #take({ seq, stamp, body, bytes, hasParts }: Taken<Event, Kept>): void {
    this.#seq = seq;
    if ("whole" in body) {
      this.#state = this.#fold.restore(body.whole);
      this.#withParts = [];
      this.#wholeBytes = bytes;
      this.#eventBytes = 0;
    } else {
      this.#fold.apply(this.#state, body.event);
      this.#eventBytes += bytes;
    }
    if (hasParts) this.#withParts.push(stamp);
  }

  #forget(): void {
    this.#state = this.#fold.empty();
    this.#seq = 0;
    this.#withParts = [];
    this.#wholeBytes = 0;
    this.#eventBytes = 0;
  }

  /** One step after the other: those of one process would only stand in each other's way. */
  #inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(step, step);
    this.#queue = turn.catch(() => {});
    return turn;
  }
}
