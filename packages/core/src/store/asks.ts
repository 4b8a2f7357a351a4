import type { AskQuestion, AskReceipt, InstantMs, JsonValue, SessionId } from "../contract/index.js";
import type { OutboxError } from "./store.js";

/**
 * `queued`: accepted, certainly not on the wire. `asking`: may be on the wire. `pending`: taken; an answer may come at any time.
 * `answered`, `rejected`, `expired`, `failed`, `unknown`, `cancelled`: settled. `unknown`: whether the question arrived cannot be
 * found out, and nothing is repeated.
 */
export type AskState =
  | "queued"
  | "asking"
  | "pending"
  | "answered"
  | "rejected"
  | "expired"
  | "failed"
  | "unknown"
  | "cancelled";

/** Where an answer is still possible. */
export const openAskStates: readonly AskState[] = ["queued", "asking", "pending"];

/** Over whose messages a question travels when it is not put by `AskFacet.ask`. */
export interface AskRoute {
  readonly sessionId: SessionId;
  readonly to: string;
}

/** A second place to ask, when no answer has come after a time. */
export interface AskEscalation {
  readonly to: string;
  /** Whose messages carry it. Absent: the way of the question itself. */
  readonly sessionId?: SessionId;
  /** From when the question went out. */
  readonly afterMs: number;
}

/** Why and when an ask was settled, or what was heard of it before that. */
export interface AskResult {
  readonly atMs: InstantMs;
  readonly answer?: JsonValue;
  readonly answeredBy?: string;
  readonly reason?: string;
  readonly error?: OutboxError;
}

export interface AskRow {
  /** Unique in the store. */
  readonly id: string;
  readonly sessionId: SessionId;
  /** Order of acceptance in the store, growing, perhaps with gaps. Given by the store. */
  readonly seq: number;
  readonly state: AskState;
  readonly question: AskQuestion;
  /** Absent: the provider's own `AskFacet` puts it. */
  readonly route?: AskRoute;
  /** Names under which what is heard finds the question without reading the others. */
  readonly keys: readonly string[];
  readonly acceptedAtMs: InstantMs;
  /** When it began to leave. */
  readonly startedAtMs?: InstantMs;
  readonly mark?: JsonValue;
  readonly receipt?: AskReceipt;
  /** An answer that came over another session, and that the provider is to hear of. */
  readonly relayed?: JsonValue;
  readonly result: AskResult | null;
  readonly settledAtMs?: InstantMs;
  /** The answer has reached whoever waited for it. */
  readonly isDelivered: boolean;
  readonly remind?: { readonly afterMs: number; readonly times: number };
  /** How often it was put once more. */
  readonly reminderCount: number;
  readonly escalate?: AskEscalation;
  readonly escalatedAtMs?: InstantMs;
  /** Grows with every move. Given by the store, from 1. */
  readonly revision: number;
}

export type NewAskRow = Omit<AskRow, "seq" | "revision">;

export type AskPatch = Partial<
  Pick<
    AskRow,
    | "state"
    | "keys"
    | "startedAtMs"
    | "mark"
    | "receipt"
    | "relayed"
    | "result"
    | "settledAtMs"
    | "reminderCount"
    | "escalatedAtMs"
  >
>;

export interface AskQuery {
  readonly sessionId?: SessionId;
  readonly states?: readonly AskState[];
  /** Only what has this among its `keys`. */
  readonly key?: string;
  /** Only what is open with a deadline at this instant or before. */
  readonly dueAtMs?: InstantMs;
  readonly afterSeq?: number;
  /** Default 1,000. */
  readonly limit?: number;
}

/** Questions that wait for their answers. Ten thousand open ones are read by key, state or deadline without reading the others. */
export interface AskStore {
  /**
   * A row whose id the store has is left alone. Returns the stored row. Fails with `SESSION_NOT_FOUND` for a session that the
   * store does not hold.
   */
  add(row: NewAskRow): Promise<AskRow>;
  get(id: string): Promise<AskRow | undefined>;
  /**
   * Compare-and-set: changes the row only when its state is one of `from`, its revision is `revision` where that is given, and
   * its answer was not delivered; undefined when it is not so.
   */
  move(id: string, from: readonly AskState[], patch: AskPatch, revision?: number): Promise<AskRow | undefined>;
  /** Marks the answer as delivered. True for exactly one caller, and for none while it is not `answered`. */
  deliver(id: string): Promise<boolean>;
  /** In order of acceptance. */
  list(query?: AskQuery): Promise<readonly AskRow[]>;
}
