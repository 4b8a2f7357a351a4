import { sleep } from "../../clock.js";
import {
  type AnyProvider,
  ColloquyError,
  isColloquyError,
  type MessageId,
  type MessageProgress,
} from "../../contract/index.js";
import type { OutboxDelivery, OutboxPatch, OutboxRow, SessionRecord } from "../../store/store.js";
import type { Exchanges } from "../exchanges.js";
import type { Runtime } from "../runtime.js";
import { LookUps } from "./look-ups.js";
import { isLater, laterOf, type ReceiptGoal, type ReceiptOptions } from "./receipt.js";
import { Unmatched } from "./unmatched.js";
import { Watch } from "./watch.js";

/** The session as its receipts see it. */
export interface ReceiptSession {
  readonly provider: AnyProvider;
  readonly record: SessionRecord;
  readonly exchanges: Exchanges;
}

/** A reader of events waits at most this long for the name of a message. ASSUMED: nobody notices it beside the network. */
const patienceMs = 2_000;

/**
 * Joins what is told of sent messages to the outbox, keeps it there, and tells whoever waits for it. Costs nothing for
 * messages that nobody asks about and no event names.
 */
export class Receipts {
  readonly #runtime: Runtime;
  readonly #session: ReceiptSession;
  readonly #lookUps: LookUps;
  readonly #unmatched: Unmatched;
  readonly #watches = new Map<MessageId, Watch>();
  #hearsEvents = false;
  #closed: ColloquyError | undefined;

  constructor(runtime: Runtime, session: ReceiptSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.#lookUps = new LookUps(runtime, session);
    this.#unmatched = new Unmatched(
      runtime,
      () => session.record.id,
      (row) => this.#lookUp(row),
    );
  }

  /** Resolves with the status that decided; undefined when a message awaited as failed was delivered after all. */
  wait(id: MessageId, goal: ReceiptGoal, options: ReceiptOptions = {}): Promise<OutboxDelivery | undefined> {
    const known = this.#watches.get(id);
    const watch = known ?? new Watch(this.#runtime.clock, () => this.#watches.delete(id));
    const settled = watch.wait({ id, sessionId: this.#session.record.id }, goal, options);
    const { send, receive } = this.#session.provider.facets;
    if (this.#closed) watch.end(this.#closed);
    else if (!send?.progress && !receive) watch.end(this.#untold());
    else if (known) this.#judge(id, watch).catch((error: unknown) => this.#report(error));
    else if (!watch.isOver) {
      this.#watches.set(id, watch);
      void this.#look(id, watch);
    }
    return settled;
  }

  /** Takes in a status that an event told. Answers with the message that it is about, when that is known already. */
  async join(messageKey: string, heard: OutboxDelivery): Promise<MessageId | undefined> {
    this.#hearsEvents = true;
    const row = await this.#named(messageKey);
    if (row) await this.#record(row, { delivery: heard });
    else if (this.#session.provider.facets.send?.progress && !this.#closed) this.#unmatched.meet(messageKey, heard);
    return row?.id;
  }

  /** Which message a key names. Waits a little while the provider is being asked about it. */
  async messageOf(messageKey: string): Promise<MessageId | undefined> {
    const row = await this.#named(messageKey);
    const search = this.#unmatched.search;
    if (row || !search) return row?.id;
    const stop = new AbortController();
    await Promise.race([search, sleep(this.#runtime.clock, patienceMs, stop.signal).catch(() => {})]);
    stop.abort();
    return (await this.#named(messageKey))?.id;
  }

  /** Ends every wait with the reason. */
  close(reason: ColloquyError): void {
    this.#closed ??= reason;
    this.#lookUps.stop();
    this.#unmatched.stop();
    for (const watch of [...this.#watches.values()]) watch.end(reason);
  }

  /** What the store knows first: another process may have heard. Then what the provider says. */
  async #look(id: MessageId, watch: Watch): Promise<void> {
    try {
      const row = await this.#judge(id, watch);
      if (row && !watch.isOver) {
        if (this.#session.record.lifecycle.state === "terminated") watch.end(this.#ended());
        else await this.#lookUp(row);
      }
    } catch (error) {
      this.#report(error);
    }
    if (!watch.isOver) watch.lookLater(() => void this.#look(id, watch), this.#hearsEvents);
  }

  async #judge(id: MessageId, watch: Watch): Promise<OutboxRow | undefined> {
    const row = await this.#runtime.store.outbox.get(this.#session.record.id, id);
    if (row) watch.judge(row);
    else watch.end(this.#forgotten(id));
    return row;
  }

  /** True when the provider told the message's key. */
  async #lookUp(row: OutboxRow): Promise<boolean> {
    const told = await this.#lookUps.ask(row);
    if (!told) return false;
    const patch = this.#patchOf(told);
    if (this.#mayBeExplained(patch)) {
      await this.#record(row, told.messageKey === undefined ? {} : { messageKey: told.messageKey });
      await sleep(this.#runtime.clock, patienceMs, this.#lookUps.signal).catch(() => {});
    }
    await this.#record(row, patch);
    return told.messageKey !== undefined;
  }

  /** A look tells that a message failed; the event, which may be on its way, tells why. */
  #mayBeExplained({ delivery }: OutboxPatch): boolean {
    const isUnexplained = delivery?.status === "failed" && delivery.reason === undefined;
    return isUnexplained && this.#session.provider.facets.receive !== undefined;
  }

  #patchOf({ messageKey, status, reason }: MessageProgress): OutboxPatch {
    const told = status && {
      status,
      atMs: this.#runtime.clock.now(),
      ...(reason === undefined ? {} : { reason }),
    };
    const heard = messageKey === undefined ? undefined : this.#unmatched.recognise(messageKey);
    const delivery = laterOf(heard, told);
    return { ...(messageKey === undefined ? {} : { messageKey }), ...(delivery ? { delivery } : {}) };
  }

  async #record(row: OutboxRow, { messageKey, delivery }: OutboxPatch): Promise<void> {
    const isNewKey = messageKey !== undefined && messageKey !== row.messageKey;
    const isNewStatus = delivery !== undefined && isLater(delivery, row.delivery);
    if (!isNewKey && !isNewStatus) return;
    const patch = { ...(isNewKey ? { messageKey } : {}), ...(isNewStatus ? { delivery } : {}) };
    const stored = await this.#runtime.store.outbox.move(row.sessionId, row.id, ["sent"], patch);
    if (stored) this.#watches.get(row.id)?.judge(stored);
  }

  async #named(messageKey: string): Promise<OutboxRow | undefined> {
    const rows = await this.#runtime.store.outbox.list(this.#session.record.id, { messageKey, limit: 1 });
    return rows.find((row) => row.messageKey === messageKey);
  }

  #report(error: unknown): void {
    const code = isColloquyError(error) ? error.code : "unexpected";
    this.#runtime.logger.log("warn", "receipt.look_failed", { sessionId: this.#session.record.id, code });
  }

  #untold(): ColloquyError {
    const { provider, record } = this.#session;
    return new ColloquyError({
      code: "UNSUPPORTED",
      message: `${provider.manifest.displayName} tells nothing of a message after it took it.`,
      providerId: provider.id,
      sessionId: record.id,
    });
  }

  #ended(): ColloquyError {
    const { provider, record } = this.#session;
    return new ColloquyError({
      code: "STATE_UNREACHABLE",
      message: "The session was ended, so nothing more will be told of its messages.",
      providerId: provider.id,
      sessionId: record.id,
    });
  }

  #forgotten(id: MessageId): ColloquyError {
    return new ColloquyError({
      code: "SESSION_NOT_FOUND",
      message: `The store no longer holds message ${id}.`,
      sessionId: this.#session.record.id,
    });
  }
}
