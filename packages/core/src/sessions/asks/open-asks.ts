import { isColloquyError } from "../../contract/index.js";
import type { Runtime } from "../runtime.js";
import type { SessionHost } from "../session-host.js";
import { AskBoard } from "./ask-board.js";
import type { AskEntry } from "./ask-entry.js";
import type { AskWays } from "./ask-ways.js";
import type { Lanes } from "./lanes.js";

/** The questions of one session that this process keeps an eye on, with what moves them. */
export class OpenAsks {
  readonly runtime: Runtime;
  readonly host: SessionHost;
  readonly lanes: Lanes;
  readonly ways: AskWays;
  readonly board: AskBoard;
  readonly entries: Map<string, AskEntry> = new Map();
  readonly #stop = new AbortController();

  constructor(runtime: Runtime, host: SessionHost, lanes: Lanes, ways: AskWays) {
    this.runtime = runtime;
    this.host = host;
    this.lanes = lanes;
    this.ways = ways;
    this.board = new AskBoard(runtime, (event) => host.publish(event));
  }

  /** Aborted when the session is let go: from then on nothing is stored or looked at here. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(reason: unknown): void {
    this.#stop.abort(reason);
  }

  /** It is over: the next one of its lane may leave. */
  drop(id: string): void {
    this.entries.delete(id);
    this.lanes.leave(id);
  }

  report(askId: string, error: unknown): void {
    if (this.signal.aborted) return;
    const code = isColloquyError(error) ? error.code : "unexpected";
    this.runtime.logger.log("warn", "ask.trouble", { sessionId: this.host.record.id, askId, code });
  }
}
