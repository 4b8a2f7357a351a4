import type { ProviderEvent } from "./event.js";
import type { InstantMs } from "./ids.js";
import type { Call, Procedure } from "./procedure.js";
import type { Problem, SessionContext } from "./provider.js";
import type { JsonValue } from "./wire.js";

/** A question as core stores it. Everything in it survives restarts. */
export interface AskQuestion {
  /** Minted by core, or given by the caller; the same id is the same question. */
  readonly id: string;
  readonly text: string;
  /** Whom or where to ask, in the provider's form: a recipient, a channel. Absent where the session itself says it. */
  readonly to?: string;
  /** The shape of the answer as JSON Schema, where the caller gave a schema that can be written so. */
  readonly answerSchema?: JsonValue;
  /** After this instant the question counts as expired. */
  readonly deadlineAtMs: InstantMs;
  /** What else this provider takes. Checked by `AskFacet.check`. */
  readonly details?: Readonly<Record<string, JsonValue>>;
}

/** Where a question stands, by the provider's word. `answered`, `rejected`, `expired` and `failed` are final. */
export type AskProgress =
  | { readonly state: "pending" }
  | { readonly state: "answered"; readonly answer: JsonValue; readonly answeredBy?: string }
  | { readonly state: "rejected"; readonly reason?: string }
  | { readonly state: "expired" }
  | { readonly state: "failed"; readonly reason: string };

/** What the provider said when it took a question. Stored. */
export interface AskReceipt {
  /** The provider's own id of the question, where it has one. */
  readonly providerAskId?: string;
  /** Already known, for services whose reply is the answer. Default: pending. */
  readonly progress?: AskProgress;
}

/** What an event tells of questions. */
export interface AskHint {
  /** Which question, by our id. */
  readonly askId?: string;
  /** Which question, by the provider's. With neither, every pending question of the session is looked at. */
  readonly providerAskId?: string;
  /** Where it stands now. Absent: core asks for `progress`. Believed as it is, so give it only where nothing else tells. */
  readonly progress?: AskProgress;
}

/** Puts questions and learns their answers. */
export interface AskFacet {
  /** Pure: what is wrong with the question, before anything is stored or sent. */
  check(question: AskQuestion, context: SessionContext): readonly Problem[];
  /**
   * Read and stored before the question goes out, where a lost answer can be told from a lost question only by comparing
   * (for example the number of turns so far). Given back to `settle`.
   */
  mark?(question: AskQuestion, context: SessionContext): Procedure<JsonValue>;
  /**
   * Exactly one exchange that puts the question, so that its fate is one fact. Refused with `SESSION_NOT_CONNECTED`, the session
   * is opened anew and the question put again; any other refusal is its end.
   */
  ask(question: AskQuestion, context: SessionContext): Call<AskReceipt>;
  /**
   * After a fate that is unknown, or a crash while it was open: whether the question was taken. `not_taken` puts it again. With
   * `undefined`, even looking does not tell: core holds the ask as unknown and repeats nothing. Where an answer may still come,
   * give a receipt: then it is waited for until the deadline.
   */
  settle?(
    question: AskQuestion,
    mark: JsonValue | undefined,
    context: SessionContext,
  ): Procedure<AskReceipt | "not_taken" | undefined>;
  /**
   * Where the question stands now: the truth that every wake-up leads to. Absent: the receipt or an event tells. For a question
   * that travels over another session (`relay`) the receipt is empty.
   */
  progress?(question: AskQuestion, receipt: AskReceipt, context: SessionContext): Procedure<AskProgress>;
  /**
   * Pure and total: which question an event of the session is about, and what it tells; `undefined` when about none. Absent: with
   * `progress`, every event makes core look at all pending questions.
   */
  heed?(event: ProviderEvent): AskHint | undefined;
  /** After our deadline or a cancel: tells the provider that no answer is wanted any more. Tried once. */
  withdraw?(question: AskQuestion, receipt: AskReceipt, why: "expired" | "cancelled", context: SessionContext): Call;
  /** Puts the question once more for somebody who has not answered. Absent: reminders are refused. */
  remind?(question: AskQuestion, receipt: AskReceipt, context: SessionContext): Call;
  /**
   * Gives the provider an answer that came over another session (`via`); `progress` then tells what it makes of it. Absent: such
   * an answer settles the question here, and the provider never hears of either.
   */
  relay?(question: AskQuestion, answer: JsonValue, context: SessionContext): Call;
  /** How often to ask for `progress` at first, in milliseconds; core backs off from there, to 30 s. Default 2,000. */
  readonly pollMs?: number;
  /** Most questions of one session that may be out at once; others wait in order. Default: no bound. */
  readonly maxPending?: number;
  /** Questions and messages of one session leave one by one, in the order in which they were given. Default false. */
  readonly inTurnWithSends?: boolean;
}
