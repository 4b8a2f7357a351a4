import { type Clock, sleep } from "../clock.js";
import type { InstantMs } from "../contract/index.js";
import type { WebhookEvent } from "./webhook-event.js";

/** What the queue needs of an inbox. */
export interface QueuedInbox {
  settle(occurrenceIds: readonly string[]): Promise<void>;
  unhandled(query: { readonly untilAtMs: InstantMs; readonly limit: number }): Promise<readonly WebhookEvent[]>;
}

export interface EventQueueOptions {
  readonly onEvent: (event: WebhookEvent) => unknown;
  readonly onError: (error: unknown, event: WebhookEvent) => void;
  readonly maxWaitingCount: number;
  readonly retryAfterMs: number;
  readonly clock: Clock;
}

/** Hands events of one inbox to `onEvent`, one after the other, and marks each as handled when it is. Never rejects. */
export class EventQueue {
  readonly #inbox: QueuedInbox;
  readonly #options: EventQueueOptions;
  /** Waiting or being handled: a sweep finds these in the inbox, too. */
  readonly #taken = new Set<string>();
  #last: Promise<void> = Promise.resolve();
  /** What failed since the last sweep is left alone until the next one. */
  readonly #failed = new Set<string>();
  /** Something is left in the inbox that had no room here. */
  #isBehind = false;
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(inbox: QueuedInbox, options: EventQueueOptions) {
    this.#inbox = inbox;
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#taken.size >= this.#options.maxWaitingCount;
  }

  /** What does not fit stays in the inbox until there is room. */
  add(events: readonly WebhookEvent[]): Promise<void> {
    // The answer goes out first: a handler that computes for long before it waits for anything would hold it up.
    if (this.#taken.size === 0) this.#last = this.#last.then(() => sleep(this.#options.clock, 0));
    for (const event of events) {
      if (this.#taken.has(event.occurrenceId)) continue;
      if (this.isFull) {
        this.#isBehind = true;
        break;
      }
      this.#taken.add(event.occurrenceId);
      this.#last = this.#last.then(() => this.#handle(event));
    }
    return this.#last;
  }

  /** Sweeps at the first delivery, for what an earlier process left, and then every `retryAfterMs` at most. */
  async sweepWhenDue(): Promise<void> {
    const { clock, retryAfterMs } = this.#options;
    const untilAtMs = clock.now() - retryAfterMs;
    if (this.#sweptAtMs > untilAtMs) return;
    this.#sweptAtMs = clock.now();
    await this.sweep(untilAtMs);
  }

  /** Takes up again what arrived at `untilAtMs` or before and nobody handled. */
  async sweep(untilAtMs: InstantMs): Promise<void> {
    this.#failed.clear();
    await this.#takeLeft(untilAtMs);
    await this.#last;
  }

  async #takeLeft(untilAtMs: InstantMs): Promise<void> {
    const room = this.#options.maxWaitingCount;
    const limit = room + this.#failed.size + this.#taken.size;
    // A store that cannot be read now is asked again by a later sweep.
    const found = await this.#inbox.unhandled({ untilAtMs, limit }).catch(() => []);
    const left = found.filter(({ occurrenceId: id }) => !this.#failed.has(id) && !this.#taken.has(id));
    if (left.length === 0) return;
    this.#isBehind = left.length >= room;
    void this.add(left.slice(0, room));
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#taken.size > 0) await this.#last;
  }

  async #handle(event: WebhookEvent): Promise<void> {
    try {
      await this.#options.onEvent(event);
      await this.#inbox.settle([event.occurrenceId]);
    } catch (error) {
      this.#failed.add(event.occurrenceId);
      try {
        this.#options.onError(error, event);
      } catch {
        // A hook of the caller's that fails has nobody left to tell.
      }
    } finally {
      this.#taken.delete(event.occurrenceId);
    }
    if (this.#isBehind && this.#taken.size === 0) {
      this.#isBehind = false;
      await this.#takeLeft(this.#options.clock.now());
    }
  }
}
