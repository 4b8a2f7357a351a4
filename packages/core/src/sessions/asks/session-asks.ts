import { Cancellation } from "../../cancellation.js";
import type { ColloquyError } from "../../contract/index.js";
import { type AskRow, openAskStates } from "../../store/asks.js";
import type { Runtime } from "../runtime.js";
import type { SessionHost } from "../session-host.js";
import type { AnswerSchema, AskOutcome } from "./ask.js";
import type { AnswerRules, AskBoard } from "./ask-board.js";
import { AskDispatch } from "./ask-dispatch.js";
import { AskEnds } from "./ask-ends.js";
import { AskEntry } from "./ask-entry.js";
import { AskLook, type AskPutter } from "./ask-look.js";
import type { AskWay } from "./ask-way.js";
import type { AskWays } from "./ask-ways.js";
import type { Lanes } from "./lanes.js";
import { LookSchedule } from "./look-schedule.js";
import { OpenAsks } from "./open-asks.js";

export interface FollowOptions {
  readonly schema?: AnswerSchema | undefined;
  readonly isOrphan?: boolean;
  /** Among all that the session accepts. Default: the next. */
  readonly order?: number;
}

/** How the open questions of one session get to their ends: put in turn, looked at, and told of. */
export class SessionAsks implements AskPutter {
  readonly #host: SessionHost;
  readonly #lanes: Lanes;
  readonly #ways: AskWays;
  readonly #open: OpenAsks;
  readonly #dispatch: AskDispatch;
  readonly #ends: AskEnds;
  readonly #schedule: LookSchedule;
  /** Being put by this process, each with what calls it back. */
  readonly #flights = new Map<string, Cancellation>();

  constructor(
    runtime: Runtime,
    host: SessionHost,
    lanes: Lanes,
    ways: AskWays,
    onTaken: (row: AskRow) => Promise<void>,
  ) {
    this.#host = host;
    this.#lanes = lanes;
    this.#ways = ways;
    this.#open = new OpenAsks(runtime, host, lanes, ways);
    const session = {
      providerId: host.provider.id,
      publish: (event: Parameters<SessionHost["publish"]>[0]) => host.publish(event),
      notConnected: () => host.notConnected(),
      taken: onTaken,
    };
    this.#dispatch = new AskDispatch(runtime, this.board, session, this.#open.signal);
    this.#ends = new AskEnds(this.#open);
    const look = new AskLook(this.#open, this.#dispatch, this.#ends, this);
    this.#schedule = new LookSchedule(this.#open, (entry) => look.at(entry));
  }

  get board(): AskBoard {
    return this.#open.board;
  }

  /** How many open questions this process keeps an eye on. */
  get size(): number {
    return this.#open.entries.size;
  }

  has(id: string): boolean {
    return this.#open.entries.has(id);
  }

  isPutting(id: string): boolean {
    return this.#flights.has(id);
  }

  /**
   * Keeps an eye on a stored question from now on: puts it when it is queued, and looks where it stands. `isOrphan`: no other
   * process is putting it.
   */
  async follow(row: AskRow, { schema, isOrphan = false, order }: FollowOptions = {}): Promise<AskEntry> {
    const isKnown = this.#open.entries.has(row.id);
    const entry = this.#entry(row);
    if (schema) entry.schema = schema;
    if (isOrphan && !this.#flights.has(row.id)) entry.isOrphan = true;
    if (!isKnown) await this.#place(row, order);
    else if (isOrphan) this.#schedule.soon(entry);
    return entry;
  }

  /**
   * Resolves with the question's end, which is given to no other process if it is an answer. Every handle that was made while the
   * question was open has the same `entry`, and so hears of the same end.
   */
  wait(row: AskRow, schema: AnswerSchema | undefined, entry: AskEntry | undefined): Promise<AskOutcome<unknown>> {
    if (entry?.outcome) return entry.outcome;
    if (this.#open.signal.aborted) return Promise.reject<AskOutcome<unknown>>(this.#open.signal.reason as Error);
    const known = this.#open.entries.get(row.id);
    const awaited = known ?? this.#entry(row, entry);
    if (schema) awaited.schema = schema;
    const settled = awaited.wait();
    if (entry) entry.outcome = settled;
    if (!known) this.#schedule.soon(awaited);
    return settled;
  }

  /** Looks at one question as soon as may be. */
  wake(id: string): void {
    const entry = this.#open.entries.get(id);
    if (entry) this.#schedule.soon(entry);
  }

  /** Looks at all that are open, as soon as may be. */
  wakeAll(): void {
    for (const entry of this.#open.entries.values()) this.#schedule.soon(entry);
  }

  /** What another part of this process moved. */
  async moved(row: AskRow): Promise<void> {
    const entry = this.#open.entries.get(row.id);
    if (!openAskStates.includes(row.state)) await this.#ends.settled(row, entry);
    else if (entry) this.wake(row.id);
  }

  /** Whether questions of this session may leave now. */
  mayLeave(order: number, inTurnWithSends: boolean): boolean {
    const { state } = this.#host.record.lifecycle;
    const isOpen = state === "waiting" || this.#host.leave() === "now";
    if (!isOpen || !this.#host.hasLine) return false;
    const { turns, outbox } = this.#host;
    return !inTurnWithSends || (turns.isSettledBefore(order) && outbox.isClearBefore(order));
  }

  async cancel(row: AskRow): Promise<boolean> {
    const cancelled = await this.board.settle(row, "cancelled", {});
    if (!cancelled) return false;
    this.#flights.get(row.id)?.abort(new DOMException("The question was cancelled.", "AbortError"));
    await this.#ends.settled(cancelled, this.#open.entries.get(row.id));
    this.#ends.withdraw(cancelled, "cancelled");
    return true;
  }

  /** Whether an answer that came over another session is given to the provider. */
  relays({ route }: AskRow): boolean {
    const isElsewhere = route !== undefined && route.sessionId !== this.#host.record.id;
    return isElsewhere && this.#host.provider.facets.ask?.relay !== undefined;
  }

  /** The rules by which an answer of this question is judged here. */
  rules(id: string, isFinal: boolean): AnswerRules {
    return { schema: this.#open.entries.get(id)?.schema, isFinal };
  }

  /** Lets go: what is stored stays for the next process. */
  release(reason: ColloquyError): void {
    this.#open.stop(reason);
    this.#schedule.stop();
    for (const flight of this.#flights.values()) flight.abort(reason);
    for (const entry of this.#open.entries.values()) entry.reject?.(reason);
    this.#open.entries.clear();
    this.#lanes.forget(this);
  }

  #entry(row: AskRow, former?: AskEntry): AskEntry {
    const known = this.#open.entries.get(row.id);
    if (known) return known;
    const entry = former ?? new AskEntry(row.id, this.#schedule.nextAtMs(row, 0));
    this.#open.entries.set(row.id, entry);
    this.#schedule.arm(entry.dueAtMs);
    return entry;
  }

  /** Gives a question its place: in its lane, or under eyes that look at once. */
  async #place(row: AskRow, order = this.#host.turns.take()): Promise<void> {
    if (!openAskStates.includes(row.state)) return;
    const way = await this.#ways.of(row);
    if (row.state === "queued") {
      if (way.inTurnWithSends) this.#host.turns.begin(order);
      this.#lanes.queue(way, { id: row.id, order, user: this });
      this.#lanes.pump(way.lane);
    } else {
      this.#lanes.occupy(way, { id: row.id, order: 0, user: this });
      this.wake(row.id);
    }
  }

  async put(id: string): Promise<"over" | "blocked"> {
    try {
      const row = await this.board.get(id);
      if (row?.state !== "queued") return "over";
      return await this.#fly(row, await this.#ways.of(row));
    } catch (error) {
      this.#open.report(id, error);
      return "blocked";
    } finally {
      this.wake(id);
    }
  }

  turnEnded(order: number): void {
    this.#host.turns.end(order);
    this.#host.outbox.wake();
  }

  async #fly(row: AskRow, way: AskWay): Promise<"over" | "blocked"> {
    const back = (): void => this.#lanes.back(way, { id: row.id, order: 0, user: this });
    if (await this.#isTaken(row, way)) {
      back();
      return "blocked";
    }
    const flight = new Cancellation();
    this.#flights.set(row.id, flight);
    try {
      const end = await this.#dispatch.run(row, way, flight);
      const entry = this.#open.entries.get(row.id);
      if (entry) entry.isOrphan = end === "unsettled";
      if (end === "again" && !this.#open.signal.aborted) back();
      return "over";
    } finally {
      this.#flights.delete(row.id);
    }
  }

  /** Another process has a question out in the same chat: whatever is said there next answers that one. */
  async #isTaken({ id }: AskRow, way: AskWay): Promise<boolean> {
    if (way.needsSession) return false;
    const out = await this.#open.runtime.store.asks.list({ key: way.lane, states: ["asking", "pending"], limit: 2 });
    return out.some((row) => row.id !== id);
  }
}
