import type { AskHint, ProviderEvent, SessionId } from "../../contract/index.js";
import type { AskRow, AskStore } from "../../store/asks.js";
import type { Runtime } from "../runtime.js";
import type { SessionHost } from "../session-host.js";
import { chatKeysOf, eventKey, keysAfter, providerKey } from "./chat-key.js";
import type { SessionAsks } from "./session-asks.js";

// ASSUMED: more than can be answered between a request and its reply.
const mostEarlyHints = 1_000;

type Message = Extract<ProviderEvent, { readonly type: "message.received" }>;

/** Understands which question an event is about, in whichever session or process that was asked, and applies what it tells. */
export class AskEar {
  readonly #runtime: Runtime;
  readonly #asksOf: (id: SessionId) => Promise<SessionAsks>;
  /** Of questions that the provider named before its receipt arrived here. */
  readonly #early = new Map<string, { readonly hint: AskHint; readonly eventKey: string }>();

  constructor(runtime: Runtime, asksOf: (id: SessionId) => Promise<SessionAsks>) {
    this.#runtime = runtime;
    this.#asksOf = asksOf;
  }

  /** `isFresh`: it was not heard before. What was heard before may not have been applied, if its process ended. */
  async hear(host: SessionHost, event: ProviderEvent, isFresh: boolean): Promise<void> {
    const { ask, send } = host.provider.facets;
    if (ask?.heed) {
      const hint = ask.heed(event);
      if (hint) await this.#heed(host, hint, event, isFresh);
    } else if (ask?.progress) (await this.#asksOf(host.record.id)).wakeAll();
    if (send && event.type === "message.received" && event.message.text) await this.#message(host, event, isFresh);
  }

  /** The provider's name of a question is known now. */
  async matched(row: AskRow): Promise<void> {
    for (const key of row.keys) {
      const early = this.#early.get(key);
      this.#early.delete(key);
      if (early) await this.#apply(row, early.hint, early.eventKey, true);
    }
  }

  async #heed(host: SessionHost, hint: AskHint, { occurrenceId }: ProviderEvent, isFresh: boolean): Promise<void> {
    const { id } = host.record;
    const asks = await this.#asksOf(id);
    if (hint.askId === undefined && hint.providerAskId === undefined) return asks.wakeAll();
    const key = eventKey(id, occurrenceId);
    const named = hint.providerAskId === undefined ? undefined : providerKey(id, hint.providerAskId);
    const row = hint.askId === undefined ? await this.#named(named) : await this.#store.get(hint.askId);
    if (row && row.sessionId === id) return this.#apply(row, hint, key, isFresh);
    if (named === undefined) return;
    this.#early.set(named, { hint, eventKey: key });
    const oldest = this.#early.size > mostEarlyHints ? this.#early.keys().next().value : undefined;
    if (oldest !== undefined) this.#early.delete(oldest);
  }

  async #apply(row: AskRow, { progress }: AskHint, key: string, isFresh: boolean): Promise<void> {
    const asks = await this.#asksOf(row.sessionId);
    if (!progress) return asks.wake(row.id);
    const moved = await asks.board.apply(row, progress, asks.rules(row.id, true), [key]);
    if (moved) return asks.moved(moved);
    const latest = progress.state === "pending" ? undefined : await this.#store.get(row.id);
    const isLate = latest?.settledAtMs !== undefined && !latest.keys.includes(key);
    if (isFresh && isLate) asks.board.ignored(latest, progress.state === "answered" ? progress.answer : undefined);
  }

  /** The next text of a chat answers the oldest question that is out there. */
  async #message(host: SessionHost, { message, occurrenceId }: Message, isFresh: boolean): Promise<void> {
    const carrierId = host.record.id;
    const key = eventKey(carrierId, occurrenceId);
    if (!isFresh && (await this.#named(key))) return;
    const row = await this.#askedIn(carrierId, chatKeysOf(carrierId, message));
    if (!row || !isAfter(row, message.sentAtMs)) return;
    const asks = await this.#asksOf(row.sessionId);
    const answer = message.text ?? "";
    const rules = asks.rules(row.id, false);
    if (asks.relays(row)) {
      if (!(await asks.board.fits(row, answer, rules))) return;
      const patch = { relayed: answer, keys: keysAfter(row.keys, key) };
      const relayed = await asks.board.move(row, ["asking", "pending"], patch);
      if (relayed) await asks.follow(relayed).then(() => asks.wake(row.id));
      return;
    }
    const answeredBy = message.from.phone ?? message.from.id;
    const moved = await asks.board.apply(row, { state: "answered", answer, answeredBy }, rules, [key]);
    if (moved) await asks.moved(moved);
  }

  async #askedIn(carrierId: SessionId, keys: readonly string[]): Promise<AskRow | undefined> {
    const found: AskRow[] = [];
    for (const key of keys) found.push(...(await this.#store.list({ key, states: ["asking", "pending"], limit: 1 })));
    const [oldest] = found.toSorted((a, b) => a.seq - b.seq);
    if (oldest?.state !== "asking") return oldest;
    // It may still wait for its limit, and then nobody can have answered it.
    const question = await this.#runtime.store.outbox.get(carrierId, `${oldest.id}.question`);
    return question && question.state !== "queued" ? oldest : undefined;
  }

  async #named(key: string | undefined): Promise<AskRow | undefined> {
    return key === undefined ? undefined : (await this.#store.list({ key, limit: 1 }))[0];
  }

  get #store(): AskStore {
    return this.#runtime.store.asks;
  }
}

/** Providers tell whole seconds. */
function isAfter({ startedAtMs = 0 }: AskRow, sentAtMs: number | undefined): boolean {
  return sentAtMs === undefined || sentAtMs >= Math.floor(startedAtMs / 1_000) * 1_000;
}
