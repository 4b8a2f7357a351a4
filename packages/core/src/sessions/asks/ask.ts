import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ColloquyError, InstantMs, JsonValue, SessionId } from "../../contract/index.js";
import type { AskState } from "../../store/asks.js";
import type { WaitOptions } from "../waiting.js";

/** Zod, Valibot, ArkType or any other schema of the Standard Schema family. */
export type AnswerSchema<Answer = unknown> = StandardSchemaV1<unknown, Answer>;

/** A question with all that may be said of it. A plain text is `{ text }`. */
export interface AskOptions<Answer = JsonValue> {
  readonly text: string;
  /** Whom or where to ask, in the provider's form. Needed wherever the session does not say it. */
  readonly to?: string;
  /**
   * What the answer must be. One that does not fit is told as an `ask.ignored` event and the question stays open, unless the
   * provider takes no other: then it fails. A text is also tried as JSON. Default: any JSON value.
   */
  readonly schema?: AnswerSchema<Answer>;
  /** From now, in milliseconds. Default: a day. */
  readonly deadlineMs?: number;
  /** Instead of `deadlineMs`, as a Unix instant in milliseconds. */
  readonly deadlineAtMs?: InstantMs;
  /** Puts the question again after each such time without an answer, in milliseconds. Default: never. */
  readonly remindAfterMs?: number;
  /** How often at most. Default 3. */
  readonly reminders?: number;
  /** Asks a second place when no answer has come `afterMs` after the question went out. The first answer of either wins. */
  readonly escalate?: {
    readonly to: string;
    /** Over whose messages. Default: the way of the question itself. */
    readonly session?: { readonly id: SessionId };
    readonly afterMs: number;
  };
  /**
   * Another session whose messages carry the question to `to` and bring the answer. The question is then not put to this
   * session's provider; it hears of the answer where it can (`AskFacet.relay`), and may refuse it.
   */
  readonly via?: { readonly id: SessionId };
  /** What else the provider takes. */
  readonly details?: Readonly<Record<string, JsonValue>>;
  /** Default: minted. The same id is the same question: asking again gives the handle on it and sends nothing. */
  readonly id?: string;
}

/** How a question ended. Failing to ask it (a refused credential, say) is `failed` with the error of that call. */
export type AskOutcome<Answer = JsonValue> =
  | { readonly state: "answered"; readonly answer: Answer; readonly answeredBy?: string; readonly atMs: InstantMs }
  | { readonly state: "rejected"; readonly reason?: string; readonly error: ColloquyError }
  | { readonly state: "expired"; readonly error: ColloquyError }
  | { readonly state: "failed"; readonly reason: string; readonly error: ColloquyError }
  | { readonly state: "cancelled"; readonly error: ColloquyError }
  /** Whether the question arrived cannot be found out; nothing is repeated. */
  | { readonly state: "unknown"; readonly error: ColloquyError };

/**
 * A question that is stored, on its way or put. It outlives the process: `colloquy.asks.resume(id)` gives another handle.
 *
 * An answer is given to exactly one waiting process, also when it came before anybody waited; in others `answer` and `outcome`
 * reject with `ASK_DELIVERED`. It is marked as given just before the promise resolves: a process that dies in between has had
 * it, and `asks.list` still shows what was said. Promises that nobody awaits may be dropped.
 */
export interface Ask<Answer = JsonValue> {
  readonly id: string;
  readonly sessionId: SessionId;
  readonly deadlineAtMs: InstantMs;
  /**
   * Waiting begins when this is first read. Rejects with `ASK_EXPIRED`, `ASK_REJECTED`, `ASK_FAILED` or the error of the call that
   * failed, `ASK_CANCELLED`, `OUTCOME_UNKNOWN`, `ASK_DELIVERED`, or `SHUT_DOWN` when this process lets go first.
   */
  readonly answer: Promise<Answer>;
  /** The same as data. Rejects with `ASK_DELIVERED` and `SHUT_DOWN` only. */
  readonly outcome: Promise<AskOutcome<Answer>>;
  /** The answer, with a limit on the waiting alone: `WAIT_TIMEOUT` leaves the question as it is. */
  wait(options?: WaitOptions): Promise<Answer>;
  /** As the store holds it now. */
  state(): Promise<AskState>;
  /** Wants no answer any more. False when the question was settled before. */
  cancel(): Promise<boolean>;
}
