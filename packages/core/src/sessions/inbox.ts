import {
  type AnyProvider,
  ColloquyError,
  type IdentityBook,
  type InstantMs,
  isColloquyError,
  type ProviderEvent,
  type RawDelivery,
  type ReceiveFacet,
  type RemoteSignal,
  type SessionId,
} from "../contract/index.js";
import type { InboxRow } from "../store/store.js";
import { createIdentityBook } from "../webhooks/identity-book.js";
import { type DeliveryVerdict, secretNameOf } from "../webhooks/verdict.js";
import type { SessionInbox } from "../webhooks/webhook-session.js";
import { unsupported } from "./exchanges.js";
import { type EventHandler, type EventSource, type HandleOptions, Handler, type Handling } from "./handling.js";
import type { Receipts } from "./receipts/receipts.js";
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

/** An event that the store holds. */
export type StoredEvent = ProviderEvent & { readonly sessionId: SessionId; readonly atMs: InstantMs };

export interface Accepted extends Received {
  readonly fresh: readonly StoredEvent[];
  readonly signals: readonly RemoteSignal[];
}

type UnhandledQuery = NonNullable<Parameters<SessionInbox["unhandled"]>[0]>;

interface Item {
  readonly event: SessionEvent;
  readonly row?: InboxRow;
  /** Resolves when what it tells of a message of ours is kept with that message. */
  readonly joined?: Promise<void>;
}

/** Told of every event of a delivery, and which of them were new. The delivery counts as stored when this resolves. */
type OnStored = (events: readonly ProviderEvent[], fresh: ReadonlySet<string>) => Promise<void>;

/** Stores what arrives before it is acknowledged, and hands it to readers until one of them has handled it. */
export class Inbox {
  readonly #runtime: Runtime;
  readonly #sessionId: SessionId;
  readonly #receipts: Receipts;
  readonly #onStored: OnStored;
  readonly #streams = new Set<Stream<Item>>();
  readonly #listeners = new Set<() => void>();
  readonly #handlers = new Set<Handler>();
  /** What this process heard of who is who; a later process hears it again. */
  #identities: IdentityBook | undefined;

  constructor(runtime: Runtime, sessionId: SessionId, receipts: Receipts, onStored: OnStored) {
    this.#runtime = runtime;
    this.#sessionId = sessionId;
    this.#receipts = receipts;
    this.#onStored = onStored;
  }

  /** Verifies, stores, publishes. Returns the signals for the lifecycle. Throws `WEBHOOK_REJECTED` for a bad signature. */
  async receive(provider: AnyProvider, delivery: RawDelivery): Promise<Accepted> {
    if ((await this.verdict(provider, delivery)) === "genuine") return this.accept(provider, delivery);
    throw new ColloquyError({
      code: "WEBHOOK_REJECTED",
      message: "The signature of the delivery is missing or wrong.",
      sessionId: this.#sessionId,
      providerId: provider.id,
    });
  }

  /** Whether the delivery is signed with what the session's secrets say. */
  async verdict(provider: AnyProvider, delivery: RawDelivery): Promise<DeliveryVerdict> {
    const facet = receiveFacetOf(provider);
    const secrets = await this.#runtime.store.secrets.get(this.#sessionId);
    if (facet.verify(delivery, secrets)) return "genuine";
    return secrets[secretNameOf(facet)] ? "forged" : "no_secret";
  }

  /** The same as `receive` for a delivery whose origin was checked. */
  async accept(provider: AnyProvider, delivery: RawDelivery): Promise<Accepted> {
    this.#identities ??= createIdentityBook();
    const { events, signals } = receiveFacetOf(provider).read(delivery, {
      identities: this.#identities,
      receivedAtMs: this.#runtime.clock.now(),
    });
    const fresh = await this.#store(events);
    return { fresh, stored: fresh.length, duplicates: events.length - fresh.length, signals };
  }

  /** Stores events and tells them to readers; returns how many were new. */
  async keep(events: readonly ProviderEvent[]): Promise<number> {
    return (await this.#store(events)).length;
  }

  /** What nobody handled yet and arrived at `untilAtMs` or before, oldest first. */
  async unhandled({
    untilAtMs = Number.POSITIVE_INFINITY,
    limit = 1_000,
  }: UnhandledQuery = {}): Promise<readonly StoredEvent[]> {
    const rows = await this.#runtime.store.inbox.pending(this.#sessionId, { limit });
    return rows.filter(({ receivedAtMs }) => receivedAtMs <= untilAtMs).map((row) => this.#eventOf(row));
  }

  settle(occurrenceIds: readonly string[]): Promise<void> {
    return this.#runtime.store.inbox.settle(this.#sessionId, occurrenceIds);
  }

  async #store(events: readonly ProviderEvent[]): Promise<readonly StoredEvent[]> {
    const receivedAtMs = this.#runtime.clock.now();
    const rows = await this.#runtime.store.inbox.add(
      events.map((event) => ({ sessionId: this.#sessionId, occurrenceId: event.occurrenceId, event, receivedAtMs })),
    );
    // Offered at once and in order: a reader passes over what comes after something later.
    const joins = rows.map((row) => {
      const joined = this.#join(row);
      this.#offer({ event: this.#eventOf(row), row, joined });
      return joined;
    });
    await Promise.all(joins);
    if (events.length > 0) await this.#onStored(events, new Set(rows.map(({ occurrenceId }) => occurrenceId)));
    if (rows.length > 0) for (const listener of this.#listeners) listener();
    return rows.map((row) => this.#eventOf(row));
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

  /** Hands stored events to a handler until it succeeds. See `Session.handle`. */
  handle(handler: EventHandler, options: HandleOptions = {}): Handling {
    const source: EventSource = {
      onStored: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      named: (row) => this.#named({ event: this.#eventOf(row), row }),
    };
    const handling = new Handler(this.#runtime, this.#sessionId, source, handler, options);
    this.#handlers.add(handling);
    return {
      idle: () => handling.idle(),
      stop: async () => {
        this.#handlers.delete(handling);
        await handling.stop();
      },
    };
  }

  /** Ends every reader's loop, and every handler's work; resolves when none is in the middle of an event. */
  async close(): Promise<void> {
    const handlers = [...this.#handlers];
    this.#handlers.clear();
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
    await Promise.all(handlers.map((handler) => handler.stop()));
  }

  async *#read(stream: Stream<Item>, options: EventsOptions): AsyncIterableIterator<SessionEvent> {
    const wanted = options.types && new Set<SessionEventType>(options.types);
    let lastSeq = 0;
    try {
      for await (const item of this.#backlogThen(stream, options.signal)) {
        if (item.row && item.row.seq <= lastSeq) continue;
        lastSeq = item.row?.seq ?? lastSeq;
        if (wanted && !wanted.has(item.event.type)) continue;
        yield await this.#named(item);
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

  /** What a status tells is kept with the message too. The event is stored by now, so a failure here loses nothing. */
  async #join({ event, receivedAtMs: atMs }: InboxRow): Promise<void> {
    if (event.type !== "message.status") return;
    const { messageKey, status, reason } = event;
    try {
      await this.#receipts.join(messageKey, { status, atMs, ...(reason === undefined ? {} : { reason }) });
    } catch (error) {
      const code = isColloquyError(error) ? error.code : "unexpected";
      this.#runtime.logger.log("warn", "receipt.not_joined", { sessionId: this.#sessionId, code });
    }
  }

  /** Names the message of ours that a status is about. */
  async #named({ event, row, joined }: Item): Promise<SessionEvent> {
    if (event.type !== "message.status") return event;
    // What an earlier process stored it may not have joined.
    await (joined ?? (row && this.#join(row)));
    const messageId = await this.#receipts.messageOf(event.messageKey).catch(() => undefined);
    return messageId === undefined ? event : { ...event, messageId };
  }

  #offer(item: Item): void {
    for (const stream of this.#streams) stream.push(item);
  }

  #eventOf(row: InboxRow): StoredEvent {
    const event: ProviderEvent = row.event;
    return { ...event, sessionId: this.#sessionId, atMs: row.receivedAtMs };
  }
}

function receiveFacetOf(provider: AnyProvider): ReceiveFacet {
  const facet = provider.facets.receive;
  if (!facet) throw unsupported(provider, "receive");
  return facet;
}
