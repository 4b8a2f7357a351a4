import type { CancelSignal } from "../../cancellation.js";
import type { AskQuestion, AskReceipt, JsonValue, Problem } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";

export interface PutOptions {
  /** Stores that the question may be on the wire from now on. Throws when another process has it. */
  readonly onDispatch: () => Promise<void>;
  readonly signal: CancelSignal;
}

/** How a question gets to whoever answers it: the provider's `AskFacet`, or a message over a session. */
export interface AskWay {
  /** Questions of one lane are out one after another, at most `capacity` at once. */
  readonly lane: string;
  readonly capacity: number;
  /** What the provider tells of a question is its last word; over messages, people may answer again. */
  readonly isFinal: boolean;
  readonly inTurnWithSends: boolean;
  readonly canRemind: boolean;
  /** It can leave only while the question's own session is online; another one's outbox waits by itself. */
  readonly needsSession: boolean;
  /** A put that was refused for now is tried again by core; messages are by their outbox. */
  readonly comesBack: boolean;
  /** Rejects when nothing can leave without a new command. */
  ready(): Promise<void>;
  check(question: AskQuestion): readonly Problem[];
  /** The names under which an answer finds the question from the beginning. */
  keys(question: AskQuestion): readonly string[];
  mark(row: AskRow): Promise<JsonValue | undefined>;
  put(row: AskRow, options: PutOptions): Promise<AskReceipt>;
  /** After a fate that is unknown. */
  settle(row: AskRow): Promise<AskReceipt | "not_taken" | undefined>;
  remind(row: AskRow): Promise<void>;
  /** Asks a second place. `isAgain`: an earlier process may have done it. */
  escalate(row: AskRow, isAgain: boolean): Promise<void>;
}
