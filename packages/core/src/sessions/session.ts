import {
  type AnyProvider,
  type Capability,
  ColloquyError,
  type Facets,
  type JsonValue,
  type MessageId,
  type OperationTree,
  type OutboundMessage,
  type PresenceKind,
  type ProviderId,
  type RawDelivery,
  type SessionId,
  type SessionState,
} from "../contract/index.js";
import type { Command } from "../lifecycle/events.js";
import { explain } from "../lifecycle/explain.js";
import type { Explanation } from "../lifecycle/explanation.js";
import type { LifecycleSnapshot } from "../lifecycle/snapshot.js";
import type { LogEntry, OutboxRow, OutboxState } from "../store/store.js";
import type { BucketView } from "../transport/exchange.js";
import type { SessionInbox } from "../webhooks/webhook-session.js";
import { asTheySettle } from "./as-they-settle.js";
import type { Ask, AskOptions } from "./asks/ask.js";
import type { AskDesk } from "./asks/ask-desk.js";
import { type BoundOperations, bindOperations } from "./bound-operations.js";
import type { Pairing } from "./challenge.js";
import { awaitConnection, type SurfaceOf } from "./connections/await-connection.js";
import { toExchangeOptions } from "./exchange-options.js";
import { unsupported } from "./exchanges.js";
import type { EventHandler, HandleOptions, Handling } from "./handling.js";
import type { EventsOptions, Received } from "./inbox.js";
import type { Outbox, SendOptions } from "./outbox.js";
import { type PairOptions, pair } from "./pair.js";
import type { Runtime } from "./runtime.js";
import { type SendResult, type SentMessage, sentMessage } from "./sent-message.js";
import { contextOf } from "./session-context.js";
import type { SessionEvent } from "./session-event.js";
import type { SessionHost } from "./session-host.js";
import { type WaitOptions, waitForState } from "./waiting.js";

/** The operations of a provider type. */
export type OperationsOf<P extends AnyProvider> = P["operations"] extends infer Tree extends OperationTree
  ? Tree
  : never;

/** A session whose provider declares `Has`. */
export type SessionWith<P extends AnyProvider, Has extends Capability> = Session<
  P & { readonly facets: Required<Pick<Facets, Has>> }
>;

/**
 * A handle on one session. Reading costs nothing; the first command takes the session over in this process, and from then on
 * it is kept alive here until `shutdown` or until another process takes it over.
 */
export class Session<P extends AnyProvider = AnyProvider> {
  /** Bound when they are asked for: most sessions of many never are, and a table of operations weighs. */
  #provider: BoundOperations<OperationsOf<P>> | undefined;
  readonly #host: SessionHost;
  readonly #runtime: Runtime;

  /** Made by `sessions.create`, `attach`, `get` and `restore`. */
  constructor(runtime: Runtime, host: SessionHost) {
    this.#runtime = runtime;
    this.#host = host;
  }

  /** The provider's whole API in this session's name: `session.provider.messages.edit({ … })`. */
  get provider(): BoundOperations<OperationsOf<P>> {
    const host = this.#host;
    this.#provider ??= bindOperations(host.provider.operations as OperationsOf<P>, (operation, input, options) =>
      host.execute(operation, input, toExchangeOptions(this.#runtime, options)),
    );
    return this.#provider;
  }

  get id(): SessionId {
    return this.#host.record.id;
  }

  get providerId(): ProviderId {
    return this.#host.record.providerId;
  }

  /** The provider's own id. */
  get remoteId(): string | undefined {
    return this.#host.record.remoteId;
  }

  get name(): string | undefined {
    return this.#host.record.name;
  }

  get state(): SessionState {
    return this.snapshot.state;
  }

  /** All that the lifecycle knows, `provenAtMs` among it. */
  get snapshot(): LifecycleSnapshot {
    return this.#host.record.lifecycle;
  }

  /**
   * Reads again what the store holds, for a handle on a session that another process runs: its record, and what left lately, so
   * that `rateLimits()` counts it.
   */
  async refresh(): Promise<this> {
    await this.#host.refresh();
    if (!this.#host.isActive) await this.#host.outbox.noteOthers();
    return this;
  }

  /** Whether the provider declares a capability; narrows the type. */
  has<Has extends Capability>(capability: Has): this is SessionWith<P, Has> {
    return this.#host.provider.facets[capability] !== undefined;
  }

  /** Brings the session online without a pairing. Ends as `unlinked` when the provider wants one. */
  start(): Promise<void> {
    return this.#command({ type: "start" });
  }

  /** Links an account: a loop over challenges that ends when connected, and cancels the pairing when left early. */
  pair(options?: PairOptions): Pairing {
    return pair(this.#runtime, () => this.#host.activate(), options);
  }

  /** Goes offline without unlinking. Refused for providers that can only log out. */
  suspend(): Promise<void> {
    return this.#command({ type: "suspend" });
  }

  resume(): Promise<void> {
    return this.#command({ type: "resume" });
  }

  /** Unlinks the account and keeps the session. Resolves once the provider confirmed, or gave no answer in time. */
  async logout(): Promise<SessionState> {
    if (!this.#host.provider.logout) throw unsupported(this.#host.provider, "logout");
    await this.#command({ type: "logout" });
    return this.#settled(["unlinked", "suspended", "terminated"]);
  }

  /** Ends the session at the provider for good. Resolves once confirmed, or gave no answer in time: see `snapshot.reason`. */
  async close(): Promise<SessionState> {
    await this.#command({ type: "close" });
    return this.#settled(["terminated"]);
  }

  /** Begins a new incarnation of a session in a final state, where the provider can. */
  restart(): Promise<void> {
    return this.#command({ type: "restart" });
  }

  /** Rejects at once with the reason when no wanted state can be reached any more. */
  async waitFor(states: SessionState | readonly SessionState[], options?: WaitOptions): Promise<SessionState> {
    const wanted: readonly SessionState[] = typeof states === "string" ? [states] : states;
    if (wanted.includes(this.state) && !this.#host.isActive) await this.refresh();
    if (wanted.includes(this.state)) return this.state;
    return waitForState(await this.#host.activate(), this.#runtime.clock, wanted, options);
  }

  /**
   * What the provider's connection offers, once it stands: a shell, a subscription. After a break the same one goes on where the
   * provider mends it, otherwise ask again. Rejects with `UNSUPPORTED` for providers without one, and at once, with the state's
   * reason, when none can come without a new command.
   */
  async connection<Surface = SurfaceOf<P>>(options?: WaitOptions): Promise<Surface> {
    if (!this.#host.provider.facets.connect) throw unsupported(this.#host.provider, "connect");
    const { surface } = await awaitConnection(await this.#host.activate(), this.#runtime.clock, options);
    return surface as Surface;
  }

  /**
   * Stores the message, waits for its turn within the limits, sends it, and tells what the provider said. Taken is not
   * delivered: `await sent.delivered()`. Throws `OUTCOME_UNKNOWN` when it may have been sent; it is never repeated then.
   */
  async send(message: OutboundMessage, options?: SendOptions): Promise<SentMessage> {
    const [accepted] = await this.#accept([message], options);
    return (accepted as { settled: Promise<SentMessage> }).settled;
  }

  /** Accepts all messages at once, all or none, then yields each one's fate as it settles. Never throws for one of them. */
  async *sendAll(messages: readonly OutboundMessage[], options?: SendOptions): AsyncGenerator<SendResult, void, void> {
    const accepted = await this.#accept(messages, options);
    yield* asTheySettle(accepted);
  }

  /**
   * Stores messages for whoever runs the session, a worker in another process for example, whether or not it is online. They
   * leave in order, at `sendAtMs` (Unix milliseconds) or later. Give ids of your own to make a repeated call harmless.
   */
  enqueue(
    messages: readonly OutboundMessage[],
    options: Pick<SendOptions, "sendAtMs"> = {},
  ): Promise<readonly OutboxRow[]> {
    return this.#host.outbox.enqueue(messages, options.sendAtMs);
  }

  /** Cancels a message that did not leave yet. False when it is on the wire, settled, or not known. */
  cancelSend(messageId: MessageId): Promise<boolean> {
    return this.#host.outbox.cancel(messageId);
  }

  /**
   * Messages that did not arrive for sure: `failed`, and `unknown` ones whose fate could not be found out. `resend` sends one once
   * more; of an unknown one only you can know that it should.
   */
  deadLetters(): Promise<readonly OutboxRow[]> {
    return this.outbox({ states: ["failed", "unknown"] });
  }

  /** Sends a failed, cancelled or unknown message once more. Throws `COMMAND_REFUSED` for any other. */
  async resend(messageId: MessageId, options?: SendOptions): Promise<SentMessage> {
    await this.#host.ready();
    const settled = await this.#host.outbox.resend(messageId, options);
    if (settled) return settled;
    throw new ColloquyError({
      code: "COMMAND_REFUSED",
      message: `Message ${messageId} is not failed, cancelled or unknown, so it is not sent again.`,
      sessionId: this.id,
      providerId: this.providerId,
    });
  }

  /**
   * The handle on a message that this or an earlier process sent, to ask for its receipts. Undefined while it was not sent, or
   * not accepted here at all: `outbox()` tells where it stands.
   */
  async sent(messageId: MessageId): Promise<SentMessage | undefined> {
    const row = await this.#runtime.store.outbox.get(this.id, messageId);
    return row?.state === "sent" ? sentMessage(row, this.#host.receipts) : undefined;
  }

  /** What is stored of sent messages, in order of acceptance. */
  outbox(query?: {
    readonly states?: readonly OutboxState[];
    readonly afterSeq?: number;
    readonly limit?: number;
  }): Promise<readonly OutboxRow[]> {
    return this.#runtime.store.outbox.list(this.id, query);
  }

  /** Goes on with what an earlier process accepted; resolves when nothing is left to send. */
  async drain(): Promise<Readonly<Record<OutboxState, number>>> {
    await this.#host.activate();
    await this.#host.outbox.idle();
    return this.#runtime.store.outbox.count(this.id);
  }

  /**
   * Stores a question and puts it as soon as it may leave; resolves with the handle once it is stored. The provider's own way of
   * asking is used where it has one. Elsewhere the question is a message to `to`, and the next text of that chat is its answer;
   * questions to one chat go one after another. The question outlives this process: `colloquy.asks.resume(id)`.
   *
   * Throws `INPUT_INVALID`, `UNSUPPORTED`, and `SESSION_NOT_CONNECTED` when nothing can leave without a new command, each with
   * nothing stored or sent. All that happens later is told by the handle.
   */
  ask<Answer = JsonValue>(question: string | AskOptions<Answer>): Promise<Ask<Answer>> {
    const options = typeof question === "string" ? { text: question } : question;
    const desk = this.#runtime.asks as AskDesk;
    return desk.ask(this.#host, options) as Promise<Ask<Answer>>;
  }

  async setPresence(chatId: string, kind: PresenceKind): Promise<void> {
    const facet = this.#host.provider.facets.presence;
    if (!facet) throw unsupported(this.#host.provider, "presence");
    const { operation, input } = facet.setPresence(chatId, kind, contextOf(this.#host));
    await this.#host.execute(operation, input, {});
  }

  /** Replaces the text of a message that this session sent. */
  async edit(providerMessageId: string, text: string): Promise<void> {
    const { operation, input } = this.#editing().edit(providerMessageId, text, contextOf(this.#host));
    await this.#host.execute(operation, input, {});
  }

  /** Deletes a message that this session sent, for everybody. */
  async remove(providerMessageId: string): Promise<void> {
    const { operation, input } = this.#editing().remove(providerMessageId, contextOf(this.#host));
    await this.#host.execute(operation, input, {});
  }

  /** Feeds one webhook delivery: verified, stored, then told to `events()`. Resolves when stored, so answer 200 after it. */
  receive(delivery: RawDelivery): Promise<Received> {
    return this.#host.receive(delivery);
  }

  /** What the webhook handler and job queues work with; a loop over `events()` is simpler where one process reads. */
  get inbox(): SessionInbox {
    const host = this.#host;
    return {
      verify: (delivery) => host.inbox.verdict(host.provider, delivery),
      accept: (delivery) => host.accept(delivery),
      unhandled: (query) => host.inbox.unhandled(query),
      settle: (occurrenceIds) => host.inbox.settle(occurrenceIds),
    };
  }

  /** What happened and was not handled yet, then what happens. See `EventsOptions`. */
  events(options?: EventsOptions): AsyncIterableIterator<SessionEvent> {
    return this.#host.inbox.events(options);
  }

  /**
   * Hands what the provider told to `handler` until it succeeds: stored first, then handled, then settled, also what came before
   * this process began. Events of one conversation come in order, one after another; a failing one is tried again with a growing
   * pause while other conversations go on. At least once: after a crash the last events come again, under the same
   * `occurrenceId`. Stops with the session's time in this process. One handler a session; `events()` is for watching.
   */
  handle(handler: EventHandler, options?: HandleOptions): Handling {
    return this.#host.inbox.handle(handler, options);
  }

  /** What is known of the limits that this session meets, and when each is free. */
  rateLimits(): readonly BucketView[] {
    const { id, settings } = this.#host.record;
    return this.#runtime.transport.rateLimits(this.#host.provider, { id, settings });
  }

  /** Where the session stands, why, what comes next, and how it got there. */
  async explain(): Promise<Explanation> {
    const entries: LogEntry[] = [];
    for (let page = await this.#log(0); page.length > 0; page = await this.#log(page.at(-1)?.seq ?? 0))
      entries.push(...page);
    return explain(
      (await this.#host.refresh()).lifecycle,
      entries,
      this.#runtime.clock.now(),
      this.#host.provider.manifest.traits,
    );
  }

  #log(afterSeq: number): Promise<readonly LogEntry[]> {
    return this.#runtime.store.log.read(this.id, { afterSeq });
  }

  #editing(): NonNullable<Facets["edit"]> {
    const facet = this.#host.provider.facets.edit;
    if (!facet) throw unsupported(this.#host.provider, "edit");
    return facet;
  }

  #accept(messages: readonly OutboundMessage[], options: SendOptions | undefined): ReturnType<Outbox["accept"]> {
    return this.#host.accepting(async (order) => {
      await this.#host.ready();
      return this.#host.outbox.accept(messages, options, order);
    });
  }

  async #command(command: Command): Promise<void> {
    await (await this.#host.activate()).dispatch(command);
  }

  async #settled(states: readonly SessionState[]): Promise<SessionState> {
    return waitForState(await this.#host.activate(), this.#runtime.clock, states);
  }
}
