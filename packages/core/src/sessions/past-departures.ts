import type { AnyOperation, InstantMs, OutboundMessage } from "../contract/index.js";
import { checkMessage } from "./check-message.js";
import type { OutboxSession } from "./outbox-session.js";
import type { Runtime } from "./runtime.js";
import { contextOf } from "./session-context.js";

/** Tells the gate what left for a session before this process, or in another one: its limits count on. */
export class PastDepartures {
  readonly #runtime: Runtime;
  readonly #session: OutboxSession;
  #recalled: Promise<void> | undefined;
  /** The newest departure that the gate was told of. */
  #notedUntilMs: InstantMs = 0;

  constructor(runtime: Runtime, session: OutboxSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Counts what other processes sent since it was last looked, while this one sends nothing itself. */
  async noteOthers(): Promise<void> {
    const { provider } = this.#session;
    if (this.#recalled || !provider.facets.send) return;
    // Which limits a send spends does not depend on the message.
    const { operation } = provider.facets.send.send({ to: "", text: "" }, contextOf(this.#session));
    await this.#recallSince(operation, this.#notedUntilMs + 1);
  }

  /** Once, before the first message leaves here. */
  async recall(first: OutboundMessage | null | undefined): Promise<void> {
    if (!first) return;
    this.#recalled ??= this.#recallAll(first).catch((error: unknown) => {
      this.#recalled = undefined;
      throw error;
    });
    await this.#recalled;
  }

  async #recallAll(first: OutboundMessage): Promise<void> {
    const { operation } = checkMessage(this.#session.provider, first).send(first, contextOf(this.#session));
    await this.#recallSince(operation, this.#notedUntilMs + 1);
  }

  async #recallSince(operation: AnyOperation, sinceMs: InstantMs): Promise<void> {
    const { provider, record } = this.#session;
    const windowMs = Math.max(0, ...(provider.limits ?? provider.manifest.limits).map((rule) => rule.windowMs));
    const fromMs = Math.max(sinceMs, this.#runtime.clock.now() - windowMs);
    const departures = await this.#runtime.store.outbox.departures(record.id, fromMs);
    this.#notedUntilMs = Math.max(this.#notedUntilMs, ...departures);
    const session = { id: record.id, settings: record.settings, secrets: async () => ({}) };
    this.#runtime.transport.recall(provider, operation, session, departures);
  }
}
