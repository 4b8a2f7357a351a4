import { ColloquyError, type ProviderEvent, type SessionId } from "../../contract/index.js";
import { type AskQuery, type AskRow, type AskState, openAskStates } from "../../store/asks.js";
import { invalid } from "../check-message.js";
import { unsupported } from "../exchanges.js";
import type { Runtime } from "../runtime.js";
import type { SessionHost } from "../session-host.js";
import type { AnswerSchema, Ask, AskOptions, AskOutcome } from "./ask.js";
import { AskEar } from "./ask-ear.js";
import type { AskEntry } from "./ask-entry.js";
import { AskHandle, type AskKeeper } from "./ask-handle.js";
import { newAsk } from "./ask-input.js";
import { askNotFound } from "./ask-outcome.js";
import { AskWays } from "./ask-ways.js";
import { Lanes } from "./lanes.js";
import { SessionAsks } from "./session-asks.js";

/** Every question of one Colloquy. */
export class AskDesk {
  readonly #runtime: Runtime;
  readonly #hostOf: (id: SessionId) => Promise<SessionHost>;
  readonly #sessions = new Map<SessionId, SessionAsks>();
  readonly #lanes = new Lanes();
  readonly #ear: AskEar;

  constructor(runtime: Runtime, hostOf: (id: SessionId) => Promise<SessionHost>) {
    this.#runtime = runtime;
    this.#hostOf = hostOf;
    this.#ear = new AskEar(runtime, async (id) => this.#asks(await hostOf(id)));
  }

  ask(host: SessionHost, options: AskOptions<unknown>): Promise<Ask<unknown>> {
    return host.accepting((order) => this.#accept(host, options, order));
  }

  async #accept(host: SessionHost, options: AskOptions<unknown>, order: number): Promise<Ask<unknown>> {
    const row = newAsk(this.#runtime, host, options);
    const ways = new AskWays(host, this.#hostOf);
    const way = await ways.of(row);
    const problems = [...way.check(row.question)];
    if (row.escalate) {
      const second = { ...row.question, to: row.escalate.to };
      for (const { field, message } of (await ways.second(row)).check(second))
        problems.push({ field: field === "to" ? "escalate.to" : field, message });
    }
    if (problems.length > 0) throw invalid(host.provider, problems);
    if (row.remind && !way.canRemind) throw unsupported(host.provider, "ask.remind");
    await way.ready();
    const stored = await this.#runtime.store.asks.add({ ...row, keys: way.keys(row.question) });
    if (stored.sessionId !== row.sessionId)
      throw invalid(host.provider, [{ field: "id", message: "Is the id of another session's question." }]);
    const { schema } = options;
    const asks = this.#asks(host);
    const isOwn = stored.state === "queued" || asks.has(stored.id);
    if (!openAskStates.includes(stored.state)) return this.#handle(host, stored, schema);
    const entry = await (isOwn ? asks.follow(stored, { schema, order }) : this.#goOn(host, stored));
    return this.#handle(host, stored, schema, entry);
  }

  async resume(id: string, schema: AnswerSchema | undefined): Promise<Ask<unknown>> {
    const row = await this.#need(id);
    const host = await this.#hostOf(row.sessionId);
    const entry = openAskStates.includes(row.state) ? await this.#goOn(host, row) : undefined;
    return this.#handle(host, row, schema, entry);
  }

  list(query: AskQuery): Promise<readonly AskRow[]> {
    return this.#runtime.store.asks.list(query);
  }

  /** What was stored of a session. Resolves when it counts for its questions, so acknowledge it only then. */
  async hear(host: SessionHost, events: readonly ProviderEvent[], fresh: ReadonlySet<string>): Promise<void> {
    for (const event of events) await this.#ear.hear(host, event, fresh.has(event.occurrenceId));
  }

  /** The session was taken over: its questions go on here. */
  async recover(host: SessionHost): Promise<void> {
    const rows = await this.#all({ sessionId: host.record.id, states: openAskStates });
    if (rows.length === 0) return;
    const asks = this.#asks(host);
    for (const row of rows) await asks.follow(row, { isOrphan: row.state === "asking" });
    await this.#hearAgain(host);
  }

  /** Settles what came due while nobody looked, also of sessions at rest. */
  async sweep(isServed: (host: SessionId) => Promise<boolean>): Promise<void> {
    for (const row of await this.#all({ dueAtMs: this.#runtime.clock.now() }))
      if (await isServed(row.sessionId)) await this.#asks(await this.#hostOf(row.sessionId)).follow(row);
  }

  /** The session's state, or what it sends, has changed. */
  wake(host: SessionHost, isNewState: boolean): void {
    const asks = this.#sessions.get(host.record.id);
    if (!asks) return;
    this.#lanes.pump(`session ${host.record.id}`);
    if (isNewState) asks.wakeAll();
  }

  release(id: SessionId, reason: ColloquyError): void {
    this.#sessions.get(id)?.release(reason);
    this.#sessions.delete(id);
  }

  /** What may be another process's is left alone but for `queued` and `asking`: taking the session over tells whose it is. */
  async #goOn(host: SessionHost, row: AskRow): Promise<AskEntry> {
    if (row.state === "pending") return this.#asks(host).follow(row);
    if (!this.#asks(host).has(row.id)) await host.activate();
    return this.#asks(host).follow(row);
  }

  /** Events that were stored and not applied before a crash. */
  async #hearAgain(host: SessionHost): Promise<void> {
    const { inbox } = this.#runtime.store;
    let afterSeq = 0;
    for (;;) {
      const rows = await inbox.pending(host.record.id, { afterSeq });
      for (const { event } of rows) await this.#ear.hear(host, event, false);
      const last = rows.at(-1);
      if (!last) return;
      afterSeq = last.seq;
    }
  }

  async #all(query: AskQuery): Promise<readonly AskRow[]> {
    const found: AskRow[] = [];
    for (;;) {
      const afterSeq = found.at(-1)?.seq ?? 0;
      const page = await this.#runtime.store.asks.list({ ...query, afterSeq });
      if (page.length === 0) return found;
      found.push(...page);
    }
  }

  #asks(host: SessionHost): SessionAsks {
    const { id } = host.record;
    const known = this.#sessions.get(id);
    if (known) return known;
    const ways = new AskWays(host, this.#hostOf);
    const made = new SessionAsks(this.#runtime, host, this.#lanes, ways, (row) => this.#ear.matched(row));
    this.#sessions.set(id, made);
    return made;
  }

  #handle(host: SessionHost, row: AskRow, schema: AnswerSchema | undefined, entry?: AskEntry): AskHandle {
    // A handle ends with this process's hold on the session, also where the session is taken up here again.
    const asks = this.#asks(host);
    const keeper: AskKeeper = {
      clock: this.#runtime.clock,
      wait: (): Promise<AskOutcome<unknown>> => asks.wait(row, schema, entry),
      state: async (id): Promise<AskState> => (await this.#need(id)).state,
      cancel: async (id) => asks.cancel(await this.#need(id)),
    };
    return new AskHandle(row, keeper);
  }

  async #need(id: string): Promise<AskRow> {
    const row = await this.#runtime.store.asks.get(id);
    if (!row) throw askNotFound(id);
    return row;
  }
}
