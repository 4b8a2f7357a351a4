import {
  type AnyProvider,
  ColloquyError,
  type ProviderEvent,
  type RawDelivery,
  type RemoteSignal,
  type SessionId,
} from "../contract/index.js";
import type { InboxRow } from "../store/store.js";
import { unsupported } from "./exchanges.js";
import type { Runtime } from "./runtime.js";
import type { SessionEvent, SessionEventType } from "./session-event.js";
import { createStream, type Stream } from "./stream.js";

export interface EventsOptions {
  /** Only these types. What is left out stays stored and unhandled. Default: all. */
  readonly types?: readonly SessionEventType[];
  /** Ends the loop. */
  readonly signal?: AbortSignal;
}

/** What became of one delivery. */
export interface Received {
  /** Events that were new. */
  readonly stored: number;
  readonly duplicates: number;
}

interface Item {
  readonly event: SessionEvent;
  readonly row?: InboxRow;
}

/** Stores what arrives before it is acknowledged, and hands it to readers until one of them has handled it. */
export class Inbox {
  readonly #runtime: Runtime;
  readonly #sessionId: SessionId;
  readonly #streams = new Set<Stream<Item>>();

  constructor(runtime: Runtime, sessionId: SessionId) {
    this.#runtime = runtime;
    this.#sessionId = sessionId;
  }

  /** Verifies, stores, publishes. Returns the signals for the lifecycle. Throws `WEBHOOK_REJECTED` for a bad signature. */
  async receive(
    provider: AnyProvider,
    delivery: RawDelivery,
  ): Promise<Received & { readonly signals: readonly RemoteSignal[] }> {
    const facet = provider.facets.receive;
    if (!facet) throw unsupported(provider, "receive");
    const secrets = await this.#runtime.store.secrets.get(this.#sessionId);
    if (!facet.verify(delivery, secrets))
      throw new ColloquyError({
        code: "WEBHOOK_REJECTED",
        message: "The signature of the delivery is missing or wrong.",
        sessionId: this.#sessionId,
        providerId: provider.id,
      });
    const { events, signals } = facet.read(delivery);
    const receivedAtMs = this.#runtime.clock.now();
    const rows = await this.#runtime.store.inbox.add(
      events.map((event) => ({ sessionId: this.#sessionId, occurrenceId: event.occurrenceId, event, receivedAtMs })),
    );
    for (const row of rows) this.#offer({ event: this.#eventOf(row), row });
    return { stored: rows.length, duplicates: events.length - rows.length, signals };
  }

  publish(event: SessionEvent): void {
    this.#offer({ event });
  }

  /**
   * Stored events that nobody handled yet, then what happens from now on. An event counts as handled when the next one is
   * asked for, so one whose handler threw comes again. What happens between this call and the first read is kept.
   */
  events(options: EventsOptions = {}): AsyncIterableIterator<SessionEvent> {
    const stream = createStream<Item>();
    this.#streams.add(stream);
    options.signal?.addEventListener("abort", () => stream.end(), { once: true });
    if (options.signal?.aborted) stream.end();
    return this.#read(stream, options);
  }

  /** Ends every reader's loop. */
  close(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  async *#read(stream: Stream<Item>, options: EventsOptions): AsyncIterableIterator<SessionEvent> {
    const wanted = options.types && new Set<SessionEventType>(options.types);
    let lastSeq = 0;
    try {
      for await (const item of this.#backlogThen(stream, options.signal)) {
        if (item.row && item.row.seq <= lastSeq) continue;
        lastSeq = item.row?.seq ?? lastSeq;
        if (wanted && !wanted.has(item.event.type)) continue;
        yield item.event;
        if (item.row) await this.#runtime.store.inbox.settle(this.#sessionId, [item.row.occurrenceId]);
      }
    } finally {
      this.#streams.delete(stream);
    }
  }

  async *#backlogThen(stream: Stream<Item>, signal: AbortSignal | undefined): AsyncIterableIterator<Item> {
    let afterSeq = 0;
    for (;;) {
      const rows = await this.#runtime.store.inbox.pending(this.#sessionId, { afterSeq });
      if (rows.length === 0) break;
      for (const row of rows) {
        if (signal?.aborted) return;
        afterSeq = row.seq;
        yield { event: this.#eventOf(row), row };
      }
    }
    yield* stream;
  }

  #offer(item: Item): void {
    for (const stream of this.#streams) stream.push(item);
  }

  #eventOf(row: InboxRow): SessionEvent {
    const event: ProviderEvent = row.event;
    return { ...event, sessionId: this.#sessionId, atMs: row.receivedAtMs };
  }
}
