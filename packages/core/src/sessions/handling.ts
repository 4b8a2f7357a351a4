import { sleep, type Timer } from "../clock.js";
import { isColloquyError, type ProviderEvent } from "../contract/index.js";
import type { InboxRow } from "../store/store.js";
import type { Runtime } from "./runtime.js";
import type { SessionEvent } from "./session-event.js";

/** What a handler may do beside its work. */
export interface HandlingContext {
  /** 1 at first, one more each time the event comes again. */
  readonly attempt: number;
  /**
   * Sets the event aside for `ms`, because what it belongs to has not come yet: later events of the conversation go first. To be
   * returned from: `return context.later(5_000)`.
   */
  later(ms: number): void;
  /** Aborted when the handling stops; what is not done by then comes again. */
  readonly signal: AbortSignal;
}

/** May fail: what it throws makes the event come again. So it must be able to see an event twice (`occurrenceId`). */
export type EventHandler = (event: SessionEvent, context: HandlingContext) => void | Promise<void>;

export interface HandleOptions {
  /** Only these types. What is left out stays stored and unhandled. Default: all that providers tell. */
  readonly types?: readonly ProviderEvent["type"][];
  /** Conversations handled at once; events of one come one after another. Default 8. */
  readonly concurrency?: number;
  /** Events held in memory; the others wait in the store. Default 200. */
  readonly bufferSize?: number;
  /** After so many failures an event is passed over, and comes again with the next process. Default 20. */
  readonly maxAttempts?: number;
  /** The pause after the first failure, in milliseconds; doubled each time up to a minute. Default 500. */
  readonly retryMs?: number;
  /** How often to look for events that another process stored, in milliseconds. Default 2,000. */
  readonly pollMs?: number;
  /** Told when an event is passed over. */
  readonly onGivenUp?: (event: SessionEvent, error: unknown) => void;
}

/** A handler at work. */
export interface Handling {
  /** Resolves when every stored event was handled or passed over. */
  idle(): Promise<void>;
  /** Takes no further event, and resolves when those under way are done. */
  stop(): Promise<void>;
}

export interface EventSource {
  /** Called after events were stored by this process; returns the way to unsubscribe. */
  onStored(listener: () => void): () => void;
  /** The event as callers see it. */
  named(row: InboxRow): Promise<SessionEvent>;
}

const longestRetryMs = 60_000;
const leasePauseMs = 100;

/** Hands stored events to a handler until it succeeds: in order within a conversation, never more in memory than the buffer. */
export class Handler implements Handling {
  readonly #runtime: Runtime;
  readonly #sessionId: string;
  readonly #source: EventSource;
  readonly #handle: EventHandler;
  readonly #options: Required<Omit<HandleOptions, "types">> & { readonly types: ReadonlySet<string> | undefined };
  readonly #lanes = new Map<string, InboxRow[]>();
  readonly #running = new Map<string, Promise<void>>();
  /** Events that were set aside: they count as held, too. */
  readonly #aside = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #idlers = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #reading: Promise<void> | undefined;
  #isStale = false;
  #held = 0;
  #lastSeq = 0;
  #timer: Timer | undefined;

  constructor(runtime: Runtime, sessionId: string, source: EventSource, handle: EventHandler, given: HandleOptions) {
    this.#runtime = runtime;
    this.#sessionId = sessionId;
    this.#source = source;
    this.#handle = handle;
    this.#options = {
      types: given.types && new Set(given.types),
      concurrency: given.concurrency ?? 8,
      bufferSize: given.bufferSize ?? 200,
      maxAttempts: given.maxAttempts ?? 20,
      retryMs: given.retryMs ?? 500,
      pollMs: given.pollMs ?? 2_000,
      onGivenUp: given.onGivenUp ?? (() => {}),
    };
    this.#unsubscribe = source.onStored(() => this.#read());
    this.#read();
  }

  async idle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#idlers.add(resolve));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#unsubscribe();
    this.#timer?.cancel();
    await this.#reading;
    await Promise.all([...this.#running.values(), ...this.#aside]);
    this.#tellIdle();
  }

  #isIdle(): boolean {
    return this.#abort.signal.aborted || (!this.#reading && this.#running.size === 0 && this.#held === 0);
  }

  #tellIdle(): void {
    if (!this.#isIdle()) return;
    for (const resolve of this.#idlers) resolve();
    this.#idlers.clear();
  }

  #read(): void {
    if (this.#abort.signal.aborted) return;
    if (this.#reading) {
      this.#isStale = true;
      return;
    }
    this.#timer?.cancel();
    this.#reading = this.#fill()
      .catch((error: unknown) => this.#report("inbox.not_read", error))
      .finally(() => {
        this.#reading = undefined;
        const { clock } = this.#runtime;
        if (this.#abort.signal.aborted) return;
        if (this.#isStale) {
          this.#isStale = false;
          return this.#read();
        }
        this.#timer = clock.setTimer(clock.now() + this.#options.pollMs, () => this.#read());
        this.#tellIdle();
      });
  }

  async #fill(): Promise<void> {
    const { types, bufferSize } = this.#options;
    while (this.#held < bufferSize && !this.#abort.signal.aborted) {
      const limit = bufferSize - this.#held;
      const rows = await this.#runtime.store.inbox.pending(this.#sessionId, { afterSeq: this.#lastSeq, limit });
      for (const row of rows) {
        this.#lastSeq = row.seq;
        if (types && !types.has(row.event.type)) continue;
        this.#held += 1;
        const conversation = conversationOf(row.event);
        const lane = this.#lanes.get(conversation);
        if (lane) lane.push(row);
        else this.#lanes.set(conversation, [row]);
      }
      this.#pump();
      if (rows.length < limit) return;
    }
  }

  #pump(): void {
    for (const [conversation, rows] of this.#lanes) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (this.#running.has(conversation)) continue;
      const lane = this.#carry(rows).finally(() => {
        this.#running.delete(conversation);
        if (rows.length === 0) this.#lanes.delete(conversation);
        if (this.#abort.signal.aborted) return;
        this.#pump();
        if (this.#held < this.#options.bufferSize / 2) this.#read();
        this.#tellIdle();
      });
      this.#running.set(conversation, lane);
    }
  }

  async #carry(rows: InboxRow[]): Promise<void> {
    for (let row = rows[0]; row && !this.#abort.signal.aborted; row = rows[0]) {
      const isOver = await this.#carryOne(row);
      if (!isOver) return;
      rows.shift();
    }
  }

  /** False when the handling stopped first. */
  async #carryOne(row: InboxRow, firstAttempt = 1): Promise<boolean> {
    const { signal } = this.#abort;
    const { maxAttempts, retryMs, onGivenUp } = this.#options;
    for (let attempt = firstAttempt; ; attempt++) {
      await this.#untilOurs();
      if (signal.aborted) return false;
      let laterMs: number | undefined;
      const later = (ms: number): void => {
        laterMs = ms;
      };
      try {
        const event = await this.#source.named(row);
        await this.#handle(event, { attempt, later, signal });
        if (laterMs !== undefined) return this.#setAside(row, attempt, laterMs);
        await this.#runtime.store.inbox.settle(this.#sessionId, [row.occurrenceId]);
        this.#held -= 1;
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        this.#report("inbox.handler_failed", error, attempt);
        if (attempt >= maxAttempts) {
          this.#held -= 1;
          onGivenUp(await this.#source.named(row), error);
          return true;
        }
      }
      const pauseMs = Math.min(longestRetryMs, retryMs * 2 ** (attempt - 1));
      await sleep(this.#runtime.clock, pauseMs, signal).catch(() => {});
      if (signal.aborted) return false;
    }
  }

  /** A worker that is not sure of its lease handles nothing: either it is renewed in a moment, or the session is let go. */
  async #untilOurs(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted && this.#runtime.refusal(this.#sessionId))
      await sleep(this.#runtime.clock, leasePauseMs, signal).catch(() => {});
  }

  /** Comes back by itself, beside the conversation, which goes on. */
  #setAside(row: InboxRow, attempt: number, ms: number): true {
    const turn: Promise<void> = sleep(this.#runtime.clock, ms, this.#abort.signal)
      .then(async () => void (await this.#carryOne(row, attempt + 1)))
      .catch(() => {})
      .finally(() => {
        this.#aside.delete(turn);
        this.#tellIdle();
      });
    this.#aside.add(turn);
    return true;
  }

  #report(what: string, error: unknown, attempt?: number): void {
    const code = isColloquyError(error) ? error.code : error instanceof Error ? error.name : "unexpected";
    this.#runtime.logger.log("warn", what, {
      sessionId: this.#sessionId,
      code,
      ...(attempt === undefined ? {} : { attempt }),
    });
  }
}

/** What must stay in order: the messages of a chat, what is told of one message, everything else of one kind. */
function conversationOf(event: ProviderEvent): string {
  if (event.type === "message.received") return `chat ${event.message.chatId}`;
  if (event.type === "message.status") return `message ${event.messageKey}`;
  return `events ${event.name}`;
}
