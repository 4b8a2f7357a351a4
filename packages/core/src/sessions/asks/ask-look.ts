import type { SessionState } from "../../contract/index.js";
import { type AskRow, openAskStates } from "../../store/asks.js";
import type { AskDispatch } from "./ask-dispatch.js";
import type { AskEnds } from "./ask-ends.js";
import type { AskEntry } from "./ask-entry.js";
import { progressOf } from "./asked-progress.js";
import type { LaneUser } from "./lanes.js";
import { nudge } from "./nudges.js";
import type { OpenAsks } from "./open-asks.js";

/** A process that is still putting a question so long after its deadline has died. */
const overdueMs = 60_000;

const ended: ReadonlySet<SessionState> = new Set(["completed", "rejected", "expired", "failed", "terminated"]);

/** What puts the questions that are looked at. */
export interface AskPutter extends LaneUser {
  /** Whether this process is putting it now. */
  isPutting(id: string): boolean;
}

/** One look at where a question stands, and what follows from it. */
export class AskLook {
  readonly #open: OpenAsks;
  readonly #dispatch: AskDispatch;
  readonly #ends: AskEnds;
  readonly #putter: AskPutter;

  constructor(open: OpenAsks, dispatch: AskDispatch, ends: AskEnds, putter: AskPutter) {
    this.#open = open;
    this.#dispatch = dispatch;
    this.#ends = ends;
    this.#putter = putter;
  }

  /** How it stands afterwards; undefined when it is over. */
  async at(entry: AskEntry): Promise<AskRow | undefined> {
    const { board, lanes, ways } = this.#open;
    const row = await board.get(entry.id);
    if (!row) {
      this.#ends.vanished(entry);
      return undefined;
    }
    if (!openAskStates.includes(row.state)) return this.#over(row, entry);
    if (row.state === "queued") lanes.pump((await ways.of(row)).lane);
    const isOnItsWay = row.state === "queued" || this.#putter.isPutting(row.id);
    const latest = isOnItsWay ? row : await this.#examine(row, entry);
    const after = (await this.#atDeadline(latest)) ?? latest;
    if (!openAskStates.includes(after.state)) return this.#over(after, entry);
    if (after.state === "pending") await nudge(this.#open, after);
    return (await board.get(entry.id)) ?? after;
  }

  async #over(row: AskRow, entry: AskEntry): Promise<undefined> {
    await this.#ends.settled(row, entry);
  }

  /** Asks the provider, or finds out what became of a question that a crash left on its way. */
  async #examine(row: AskRow, entry: AskEntry): Promise<AskRow> {
    const { board, host } = this.#open;
    if (row.state === "asking") return this.#examineOrphan(row, entry);
    const known = row.receipt?.progress;
    const rules = { schema: entry.schema, isFinal: true };
    if (known && known.state !== "pending") return (await board.apply(row, known, rules)) ?? row;
    const progress = await progressOf(this.#open, row);
    const applied = progress.state === "pending" ? undefined : await board.apply(row, progress, rules);
    // Where the session is the question, it is over, too.
    if (applied) host.probeSoon();
    return applied ?? (await this.#withEndedSession(row)) ?? row;
  }

  async #examineOrphan(row: AskRow, entry: AskEntry): Promise<AskRow> {
    const { board, host, lanes, runtime, ways } = this.#open;
    const isOverdue = row.question.deadlineAtMs + overdueMs <= runtime.clock.now();
    if (!entry.isOrphan && !isOverdue) return row;
    const way = await ways.of(row);
    if ((await this.#dispatch.settle(row, way)) === "again")
      lanes.back(way, { id: row.id, order: host.turns.take(), user: this.#putter });
    lanes.pump(way.lane);
    const after = (await board.get(row.id)) ?? row;
    entry.isOrphan = after.state === "asking";
    return after.state === "pending" ? this.#examine(after, entry) : after;
  }

  /** A session that has ended takes its open questions with it, unless the answer is known to be on its way. */
  async #withEndedSession(row: AskRow): Promise<AskRow | undefined> {
    const { board, host } = this.#open;
    const { state, reason } = host.record.lifecycle;
    if (!ended.has(state) || state === "completed") return undefined;
    if (state === "expired" || state === "rejected") return board.settle(row, state, {});
    return board.settle(row, "failed", { reason: `the session is ${state}${reason ? ` (${reason})` : ""}` });
  }

  async #atDeadline(row: AskRow): Promise<AskRow | undefined> {
    const { board, host, runtime } = this.#open;
    const isQueuedForNothing = row.state === "queued" && ended.has(host.record.lifecycle.state);
    if (isQueuedForNothing) return board.fail(row, host.leave());
    const isDue = row.question.deadlineAtMs <= runtime.clock.now();
    if (!isDue || !openAskStates.includes(row.state)) return undefined;
    // What is on the wire has the deadline itself, and an open fate is no expiry.
    if (row.state === "asking") return undefined;
    const expired = await board.settle(row, "expired", {});
    if (expired) this.#ends.withdraw(expired, "expired");
    return expired;
  }
}
