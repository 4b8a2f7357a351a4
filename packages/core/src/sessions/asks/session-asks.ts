import { Cancellation } from "../../cancellation.js";
import type { Timer } from "../../clock.js";
import {
  type AskProgress,
  ColloquyError,
  type InstantMs,
  isColloquyError,
  type JsonValue,
  type SessionState,
} from "../../contract/index.js";
import { type AskRow, openAskStates } from "../../store/asks.js";
import type { Runtime } from "../runtime.js";
import type { SessionHost } from "../session-host.js";
import { fitAnswer } from "./answer-schema.js";
import type { AnswerSchema, AskOutcome } from "./ask.js";
import { type AnswerRules, AskBoard } from "./ask-board.js";
import { AskDispatch } from "./ask-dispatch.js";
import { AskEntry } from "./ask-entry.js";
import { askDelivered, askNotFound, askOutcome } from "./ask-outcome.js";
import type { AskWay } from "./ask-way.js";
import type { AskWays } from "./ask-ways.js";
import { escalationKeys } from "./chat-key.js";
import { contextOf } from "./facet-way.js";
import type { Lanes, LaneUser } from "./lanes.js";

// ASSUMED, all of them: soon enough for somebody who looks on, seldom enough for a person who sleeps on it.
const firstLookMs = 2_000;
const longestLookMs = 30_000;
const mostLooksAtOnce = 8;
/** A process that is still putting a question so long after its deadline has died. */
const overdueMs = 60_000;

const ended: ReadonlySet<SessionState> = new Set(["completed", "rejected", "expired", "failed", "terminated"]);

export interface FollowOptions {
  readonly schema?: AnswerSchema | undefined;
  readonly isOrphan?: boolean;
  /** Among all that the session accepts. Default: the next. */
  readonly order?: number;
}

/** How the open questions of one session get to their ends: one timer and one loop over all of them. */
export class SessionAsks implements LaneUser {
  readonly board: AskBoard;
  readonly #runtime: Runtime;
  readonly #host: SessionHost;
  readonly #lanes: Lanes;
  readonly #ways: AskWays;
  readonly #entries = new Map<string, AskEntry>();
  readonly #dispatch: AskDispatch;
  readonly #stop = new AbortController();
  /** Being put by this process, each with what calls it back. */
  readonly #flights = new Map<string, Cancellation>();
  #armed: { readonly atMs: InstantMs; readonly timer: Timer } | undefined;
  /** Marked as busy, and to be looked at in this order. */
  readonly #ready: AskEntry[] = [];
  #looking = 0;

  constructor(
    runtime: Runtime,
    host: SessionHost,
    lanes: Lanes,
    ways: AskWays,
    onTaken: (row: AskRow) => Promise<void>,
  ) {
    this.#runtime = runtime;
    this.#host = host;
    this.#lanes = lanes;
    this.#ways = ways;
    this.board = new AskBoard(runtime, (event) => host.publish(event));
    const session = {
      providerId: host.provider.id,
      publish: (event: Parameters<SessionHost["publish"]>[0]) => host.publish(event),
      notConnected: () => host.notConnected(),
      taken: onTaken,
    };
    this.#dispatch = new AskDispatch(runtime, this.board, session, this.#stop.signal);
  }

  /** How many open questions this process keeps an eye on. */
  get size(): number {
    return this.#entries.size;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /**
   * Keeps an eye on a stored question from now on: puts it when it is queued, and looks where it stands. `isOrphan`: no other
   * process is putting it.
   */
  async follow(row: AskRow, { schema, isOrphan = false, order }: FollowOptions = {}): Promise<AskEntry> {
    const isKnown = this.#entries.has(row.id);
    const entry = this.#entry(row);
    if (schema) entry.schema = schema;
    if (isOrphan && !this.#flights.has(row.id)) entry.isOrphan = true;
    if (!isKnown) await this.#place(row, order);
    else if (isOrphan) this.#look(entry);
    return entry;
  }

  /**
   * Resolves with the question's end, which is given to no other process if it is an answer. Every handle that was made while the
   * question was open has the same `entry`, and so hears of the same end.
   */
  wait(row: AskRow, schema: AnswerSchema | undefined, entry: AskEntry | undefined): Promise<AskOutcome<unknown>> {
    if (entry?.outcome) return entry.outcome;
    if (this.#stop.signal.aborted) return Promise.reject<AskOutcome<unknown>>(this.#stop.signal.reason as Error);
    const known = this.#entries.get(row.id);
    const awaited = known ?? this.#entry(row, entry);
    if (schema) awaited.schema = schema;
    const settled = awaited.wait();
    if (entry) entry.outcome = settled;
    if (!known) this.#look(awaited);
    return settled;
  }

  /** Looks at one question as soon as may be. */
  wake(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) this.#look(entry);
  }

  /** Looks at all that are open, as soon as may be. */
  wakeAll(): void {
    for (const entry of this.#entries.values()) this.#look(entry);
  }

  /** What another part of this process moved. */
  async moved(row: AskRow): Promise<void> {
    const entry = this.#entries.get(row.id);
    if (!openAskStates.includes(row.state)) await this.#settled(row, entry);
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
    await this.#settled(cancelled, this.#entries.get(row.id));
    this.#withdraw(cancelled, "cancelled");
    return true;
  }

  /** Whether an answer that came over another session is given to the provider. */
  relays({ route }: AskRow): boolean {
    const isElsewhere = route !== undefined && route.sessionId !== this.#host.record.id;
    return isElsewhere && this.#host.provider.facets.ask?.relay !== undefined;
  }

  /** The rules by which an answer of this question is judged here. */
  rules(id: string, isFinal: boolean): AnswerRules {
    return { schema: this.#entries.get(id)?.schema, isFinal };
  }

  /** Lets go: what is stored stays for the next process. */
  release(reason: ColloquyError): void {
    this.#stop.abort(reason);
    this.#armed?.timer.cancel();
    for (const flight of this.#flights.values()) flight.abort(reason);
    for (const entry of this.#entries.values()) entry.reject?.(reason);
    this.#entries.clear();
    this.#lanes.forget(this);
  }

  #entry(row: AskRow, former?: AskEntry): AskEntry {
    const known = this.#entries.get(row.id);
    if (known) return known;
    const entry = former ?? new AskEntry(row.id, this.#nextLookAtMs(row, 0));
    this.#entries.set(row.id, entry);
    this.#arm(entry.dueAtMs);
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
      this.#report(id, error);
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
      const entry = this.#entries.get(row.id);
      if (entry) entry.isOrphan = end === "unsettled";
      if (end === "again" && !this.#stop.signal.aborted) back();
      return "over";
    } finally {
      this.#flights.delete(row.id);
    }
  }

  /** Another process has a question out in the same chat: whatever is said there next answers that one. */
  async #isTaken({ id }: AskRow, way: AskWay): Promise<boolean> {
    if (way.needsSession) return false;
    const out = await this.#runtime.store.asks.list({ key: way.lane, states: ["asking", "pending"], limit: 2 });
    return out.some((row) => row.id !== id);
  }

  #tick(): void {
    if (this.#stop.signal.aborted) return;
    const nowMs = this.#runtime.clock.now();
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values())
      if (entry.dueAtMs <= nowMs) this.#look(entry);
      else if (!entry.isBusy) earliestMs = Math.min(earliestMs, entry.dueAtMs);
    if (Number.isFinite(earliestMs)) this.#arm(earliestMs);
  }

  #look(entry: AskEntry): void {
    if (this.#stop.signal.aborted) return;
    if (entry.isBusy) {
      entry.isWoken = true;
      return;
    }
    entry.isBusy = true;
    this.#ready.push(entry);
    this.#lookOn();
  }

  /** A few at a time. */
  #lookOn(): void {
    while (this.#looking < mostLooksAtOnce) {
      const entry = this.#ready.shift();
      if (!entry) return;
      this.#looking += 1;
      void this.#lookAt(entry);
    }
  }

  async #lookAt(entry: AskEntry): Promise<void> {
    entry.isWoken = false;
    try {
      await this.#examineEntry(entry);
    } catch (error) {
      this.#report(entry.id, error);
      entry.dueAtMs = this.#runtime.clock.now() + this.#pauseMs(entry.looks++);
    }
    entry.isBusy = false;
    this.#looking -= 1;
    if (this.#entries.get(entry.id) === entry) {
      if (entry.isWoken) this.#look(entry);
      else this.#arm(entry.dueAtMs);
    }
    this.#lookOn();
  }

  async #examineEntry(entry: AskEntry): Promise<void> {
    const row = await this.board.get(entry.id);
    if (!row) return this.#vanished(entry);
    if (!openAskStates.includes(row.state)) return this.#settled(row, entry);
    if (row.state === "queued") this.#lanes.pump((await this.#ways.of(row)).lane);
    const isOnItsWay = row.state === "queued" || this.#flights.has(row.id);
    const latest = isOnItsWay ? row : await this.#examine(row, entry);
    const after = (await this.#atDeadline(latest)) ?? latest;
    if (!openAskStates.includes(after.state)) return this.#settled(after, entry);
    if (after.state === "pending") await this.#nudge(after);
    entry.dueAtMs = this.#nextLookAtMs((await this.board.get(entry.id)) ?? after, entry.looks++);
  }

  /** Asks the provider, or finds out what became of a question that a crash left on its way. */
  async #examine(row: AskRow, entry: AskEntry): Promise<AskRow> {
    if (row.state === "asking") {
      const isOverdue = row.question.deadlineAtMs + overdueMs <= this.#runtime.clock.now();
      if (!entry.isOrphan && !isOverdue) return row;
      const way = await this.#ways.of(row);
      if ((await this.#dispatch.settle(row, way)) === "again")
        this.#lanes.back(way, { id: row.id, order: this.#host.turns.take(), user: this });
      this.#lanes.pump(way.lane);
      const after = (await this.board.get(row.id)) ?? row;
      entry.isOrphan = after.state === "asking";
      return after.state === "pending" ? this.#examine(after, entry) : after;
    }
    const known = row.receipt?.progress;
    const rules = { schema: entry.schema, isFinal: true };
    if (known && known.state !== "pending") return (await this.board.apply(row, known, rules)) ?? row;
    const progress = await this.#progress(row);
    const applied = progress.state === "pending" ? undefined : await this.board.apply(row, progress, rules);
    // Where the session is the question, it is over, too.
    if (applied) this.#host.probeSoon();
    return applied ?? (await this.#withEndedSession(row)) ?? row;
  }

  async #progress(row: AskRow): Promise<AskProgress> {
    const facet = this.#host.provider.facets.ask;
    if (row.route && !facet?.relay) return { state: "pending" };
    const before = await this.#asked(row);
    if (row.relayed === undefined || !facet?.relay) return before;
    if (before.state !== "pending") return asRelayed(before, row.relayed);
    const { operation, input } = facet.relay(row.question, row.relayed, contextOf(this.#host));
    await this.#host.execute(operation, input, {});
    return asRelayed(await this.#asked(row), row.relayed);
  }

  /** A question that the provider no longer knows cannot be answered any more. */
  async #asked(row: AskRow): Promise<AskProgress> {
    const { provider, exchanges, record } = this.#host;
    const look = provider.facets.ask?.progress?.(row.question, row.receipt ?? {}, contextOf(this.#host));
    if (!look) return { state: "pending" };
    try {
      return await exchanges.run(look, record);
    } catch (error) {
      if (!isColloquyError(error) || error.code !== "REMOTE_NOT_FOUND") {
        this.#report(row.id, error);
        return { state: "pending" };
      }
      return { state: "failed", reason: "the provider no longer knows the question" };
    }
  }

  /** A session that has ended takes its open questions with it, unless the answer is known to be on its way. */
  async #withEndedSession(row: AskRow): Promise<AskRow | undefined> {
    const { state, reason } = this.#host.record.lifecycle;
    if (!ended.has(state) || state === "completed") return undefined;
    if (state === "expired" || state === "rejected") return this.board.settle(row, state, {});
    return this.board.settle(row, "failed", { reason: `the session is ${state}${reason ? ` (${reason})` : ""}` });
  }

  async #atDeadline(row: AskRow): Promise<AskRow | undefined> {
    const isQueuedForNothing = row.state === "queued" && ended.has(this.#host.record.lifecycle.state);
    if (isQueuedForNothing) return this.board.fail(row, this.#host.leave());
    const isDue = row.question.deadlineAtMs <= this.#runtime.clock.now();
    if (!isDue || !openAskStates.includes(row.state)) return undefined;
    // What is on the wire has the deadline itself, and an open fate is no expiry.
    if (row.state === "asking") return undefined;
    const expired = await this.board.settle(row, "expired", {});
    if (expired) this.#withdraw(expired, "expired");
    return expired;
  }

  /** Reminds and escalates when it is time. Each is stored first, so that two processes do not both do it. */
  async #nudge(row: AskRow): Promise<void> {
    const nowMs = this.#runtime.clock.now();
    const { remind, escalate } = row;
    if (remind && dueOf(row).remindAtMs <= nowMs) {
      const moved = await this.board.move(row, ["pending"], { reminderCount: row.reminderCount + 1 }, row.revision);
      if (moved)
        await (await this.#ways.of(moved)).remind(moved).catch((error: unknown) => this.#report(row.id, error));
    } else if (escalate && dueOf(row).escalateAtMs <= nowMs) {
      const keys = [...new Set([...row.keys, ...escalationKeys(row)])];
      const moved = await this.board.move(row, ["pending"], { escalatedAtMs: nowMs, keys }, row.revision);
      if (moved)
        await (await this.#ways.second(moved))
          .escalate(moved, false)
          .catch((error: unknown) => this.#report(row.id, error));
    }
  }

  async #settled(row: AskRow, entry: AskEntry | undefined): Promise<void> {
    if (entry?.isEnding) return;
    const awaited = entry?.outcome;
    if (entry) entry.isEnding = true;
    try {
      const outcome = await this.#outcomeFor(row, entry);
      // It was taken for an answer, and was none.
      if (outcome === "open") return;
      if (outcome instanceof ColloquyError) entry?.reject?.(outcome);
      else if (outcome) entry?.resolve?.(outcome);
    } finally {
      if (entry) entry.isEnding = false;
    }
    // Somebody began to wait in the meantime.
    if (entry && entry.outcome !== awaited) return this.#settled(row, entry);
    this.#entries.delete(row.id);
    this.#lanes.leave(row.id);
  }

  /** Undefined: nobody waits here. */
  async #outcomeFor(
    row: AskRow,
    entry: AskEntry | undefined,
  ): Promise<AskOutcome<unknown> | ColloquyError | "open" | undefined> {
    if (!entry?.outcome) return undefined;
    if (row.state !== "answered") return askOutcome(row, this.#host.provider.id, undefined);
    if (row.isDelivered) return askDelivered(row);
    const fit = await fitAnswer(entry.schema, row.result?.answer as JsonValue);
    if (!("problems" in fit)) {
      const isOurs = await this.#runtime.store.asks.deliver(row.id);
      return isOurs ? askOutcome(row, this.#host.provider.id, fit.value) : askDelivered(row);
    }
    const way = await this.#ways.of(row);
    const reopened = await this.board.reopen(row, fit.problems, way.isFinal, way.keys(row.question));
    if (!reopened || reopened.state !== "failed") return "open";
    return askOutcome(reopened, this.#host.provider.id, undefined);
  }

  #vanished(entry: AskEntry): void {
    this.#entries.delete(entry.id);
    this.#lanes.leave(entry.id);
    entry.reject?.(askNotFound(entry.id));
  }

  #withdraw(row: AskRow, why: "expired" | "cancelled"): void {
    const facet = this.#host.provider.facets.ask;
    if (!facet?.withdraw || row.startedAtMs === undefined || (row.route && !facet.relay)) return;
    const { operation, input } = facet.withdraw(row.question, row.receipt ?? {}, why, contextOf(this.#host));
    this.#host.execute(operation, input, {}).catch((error: unknown) => this.#report(row.id, error));
  }

  #nextLookAtMs(row: AskRow, looks: number): InstantMs {
    const { remindAtMs, escalateAtMs } = dueOf(row);
    const lookAtMs = this.#runtime.clock.now() + this.#pauseMs(looks);
    return Math.min(lookAtMs, row.question.deadlineAtMs, remindAtMs, escalateAtMs);
  }

  /** Doubles from look to look, with a tenth of chance to either side. */
  #pauseMs(looks: number): number {
    const firstMs = this.#host.provider.facets.ask?.pollMs ?? firstLookMs;
    const longestMs = Math.max(firstMs, longestLookMs);
    return Math.min(longestMs, firstMs * 2 ** Math.min(looks, 30)) * (0.9 + this.#runtime.random() * 0.2);
  }

  #arm(atMs: InstantMs): void {
    if (this.#armed && this.#armed.atMs <= atMs) return;
    this.#armed?.timer.cancel();
    const timer = this.#runtime.clock.setTimer(atMs, () => {
      this.#armed = undefined;
      this.#tick();
    });
    this.#armed = { atMs, timer };
  }

  #report(askId: string, error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const code = isColloquyError(error) ? error.code : "unexpected";
    this.#runtime.logger.log("warn", "ask.trouble", { sessionId: this.#host.record.id, askId, code });
  }
}

function dueOf(row: AskRow): { readonly remindAtMs: InstantMs; readonly escalateAtMs: InstantMs } {
  const { remind, escalate, startedAtMs, reminderCount } = row;
  const never = Number.POSITIVE_INFINITY;
  if (startedAtMs === undefined || row.state !== "pending") return { remindAtMs: never, escalateAtMs: never };
  const mayRemind = remind && reminderCount < remind.times;
  return {
    remindAtMs: mayRemind ? startedAtMs + remind.afterMs * (reminderCount + 1) : never,
    escalateAtMs: escalate && row.escalatedAtMs === undefined ? startedAtMs + escalate.afterMs : never,
  };
}

/** Who asked hears what was said in the chat, and not the form in which the provider keeps it; unless that says something else. */
function asRelayed(progress: AskProgress, relayed: JsonValue): AskProgress {
  if (progress.state !== "answered") return progress;
  const isOurs = JSON.stringify(progress.answer).includes(JSON.stringify(relayed));
  return isOurs ? { ...progress, answer: relayed } : progress;
}
