import type { CancelSignal } from "../../cancellation.js";
import { sleep } from "../../clock.js";
import { type AskReceipt, ColloquyError, isColloquyError, type ProviderId } from "../../contract/index.js";
import type { AskRow, AskState } from "../../store/asks.js";
import { mayComeBack } from "../may-come-back.js";
import type { Runtime } from "../runtime.js";
import type { SessionEvent } from "../session-event.js";
import type { AskBoard } from "./ask-board.js";
import type { AskWay } from "./ask-way.js";
import { providerKey } from "./chat-key.js";

const mostReturns = 5;
const longestReturnDelayMs = 30_000;
// ASSUMED: often enough to show a person that something still goes on.
const heartbeatMs = 10_000;

/** The session that a question belongs to, as its dispatch sees it. */
export interface DispatchSession {
  readonly providerId: ProviderId;
  publish(event: SessionEvent): void;
  notConnected(): void;
  /** What was heard of it before it was known by the provider's name may count now. */
  taken(row: AskRow): Promise<void>;
}

/** What became of putting a question: it is settled or taken, must leave again, or its fate is open and to be looked at later. */
export type DispatchEnd = "over" | "again" | "unsettled";

/** Puts one question, at most once on the wire at a time, and stores what became of it. */
export class AskDispatch {
  readonly #runtime: Runtime;
  readonly #board: AskBoard;
  readonly #session: DispatchSession;
  readonly #signal: AbortSignal;
  readonly #returns = new Map<string, number>();

  /** Once `signal` is aborted, nothing more is stored: what was under way is for the next process. */
  constructor(runtime: Runtime, board: AskBoard, session: DispatchSession, signal: AbortSignal) {
    this.#runtime = runtime;
    this.#board = board;
    this.#session = session;
    this.#signal = signal;
  }

  async run(row: AskRow, way: AskWay, signal: CancelSignal): Promise<DispatchEnd> {
    const beat = this.#beat(row);
    try {
      const mark = await way.mark(row);
      let from: AskState = "queued";
      const onDispatch = async (): Promise<void> => {
        const startedAtMs = this.#runtime.clock.now();
        const patch = { state: "asking", startedAtMs, ...(mark === undefined ? {} : { mark }) } as const;
        if (!(await this.#board.move(row, [from], patch))) throw this.#notOurs(row);
        from = "asking";
      };
      return await this.#taken(row, await way.put(row, { onDispatch, signal }));
    } catch (error) {
      return await this.#failed(row, way, error);
    } finally {
      beat.cancel();
    }
  }

  /** After a fate that is unknown, in this process or an earlier one. */
  async settle(row: AskRow, way: AskWay): Promise<DispatchEnd> {
    try {
      const found = await way.settle(row);
      if (found === undefined) await this.#board.settle(row, "unknown", {});
      else if (found !== "not_taken") return await this.#taken(row, found);
      else if (await this.#board.move(row, ["asking"], { state: "queued" })) return "again";
      return "over";
    } catch (error) {
      if (this.#signal.aborted) return "over";
      const isOver = isColloquyError(error) && error.outcome === "rejected" && !error.retryable;
      if (isOver) await this.#board.fail(row, error);
      else if (row.question.deadlineAtMs <= this.#runtime.clock.now()) await this.#board.settle(row, "unknown", {});
      else return "unsettled";
      return "over";
    }
  }

  async #taken(row: AskRow, receipt: AskReceipt): Promise<DispatchEnd> {
    this.#returns.delete(row.id);
    const { providerAskId } = receipt;
    const own = providerAskId === undefined ? [] : [providerKey(row.sessionId, providerAskId)];
    const latest = await this.#board.get(row.id);
    if (!latest) return "over";
    const keys = [...new Set([...latest.keys, ...own])];
    // An answer may have come before the receipt: then only the receipt is added.
    const taken = await this.#board.move(latest, ["asking"], { state: "pending", receipt, keys });
    if (taken) await this.#session.taken(taken);
    else await this.#board.move(latest, ["answered", "rejected", "failed"], { receipt });
    return "over";
  }

  async #failed(row: AskRow, way: AskWay, error: unknown): Promise<DispatchEnd> {
    if (this.#signal.aborted) return "over";
    const latest = await this.#board.get(row.id);
    // Cancelled or answered meanwhile, or another process's by now.
    if (!latest || (latest.state !== "queued" && latest.state !== "asking")) return "over";
    if (!isColloquyError(error)) {
      await this.#board.fail(latest, error);
      return "over";
    }
    if (error.code === "SESSION_TAKEN_OVER") return "over";
    if (error.outcome === "unknown" && latest.state === "asking") return this.settle(latest, way);
    const isLate = latest.question.deadlineAtMs <= this.#runtime.clock.now();
    if (isLate || error.code === "DEADLINE_EXCEEDED") {
      await this.#board.settle(latest, "expired", {});
      return "over";
    }
    const isPassing = mayComeBack(error) || (latest.state === "queued" && error.retryable);
    if (way.comesBack && isPassing && this.#return(row.id)) return this.#comeBack(latest, error);
    await this.#board.fail(latest, error);
    // Whether the session itself is gone is found out by looking at it.
    if (error.code === "REMOTE_NOT_FOUND" && way.needsSession) this.#session.notConnected();
    return "over";
  }

  /** Certainly not taken, and worth another try after a pause. */
  async #comeBack(row: AskRow, error: ColloquyError): Promise<DispatchEnd> {
    await this.#board.move(row, ["asking"], { state: "queued" });
    if (error.code === "SESSION_NOT_CONNECTED") this.#session.notConnected();
    const returns = this.#returns.get(row.id) ?? 1;
    const pauseMs = Math.max(error.retryAfterMs ?? 0, Math.min(longestReturnDelayMs, 500 * 2 ** (returns - 1)));
    await sleep(this.#runtime.clock, pauseMs, this.#signal).catch(() => {});
    return this.#signal.aborted ? "over" : "again";
  }

  #return(id: string): boolean {
    const returns = (this.#returns.get(id) ?? 0) + 1;
    if (returns <= mostReturns) this.#returns.set(id, returns);
    else this.#returns.delete(id);
    return returns <= mostReturns;
  }

  #beat(row: AskRow): { cancel(): void } {
    const { clock } = this.#runtime;
    const sinceMs = clock.now();
    let timer = clock.setTimer(sinceMs + heartbeatMs, tell);
    const session = this.#session;
    function tell(): void {
      const atMs = clock.now();
      session.publish({ type: "ask.waiting", sessionId: row.sessionId, atMs, askId: row.id, waitedMs: atMs - sinceMs });
      timer = clock.setTimer(atMs + heartbeatMs, tell);
    }
    return { cancel: () => timer.cancel() };
  }

  #notOurs({ id, sessionId }: AskRow): ColloquyError {
    return new ColloquyError({
      code: "SESSION_TAKEN_OVER",
      message: `Question ${id} was taken by another process, or is settled.`,
      sessionId,
      providerId: this.#session.providerId,
    });
  }
}
