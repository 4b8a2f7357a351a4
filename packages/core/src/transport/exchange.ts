import type { CancelSignal } from "../cancellation.js";
import type {
  AnyOperation,
  AnyProvider,
  InstantMs,
  JsonValue,
  Operation,
  Priority,
  RateLimitReading,
  SessionId,
} from "../contract/index.js";

/** The session that a call is made for: whose queue it stands in, whose limits and keys apply. */
export interface ExchangeSession {
  readonly id: SessionId;
  readonly remoteId?: string;
  readonly settings: Readonly<Record<string, JsonValue>>;
  /** Read once per attempt, so a replaced key is used at once. */
  readonly secrets: () => Promise<Readonly<Record<string, string>>>;
}

/** One logical call: queueing, all attempts and decoding, under one signal and one deadline. */
export interface ExchangeRequest<Input, Output> {
  readonly provider: AnyProvider;
  readonly operation: Operation<Input, Output>;
  readonly input: Input;
  /** Absent for calls on the whole account. */
  readonly session?: ExchangeSession;
  readonly priority?: Priority;
  /** Aborting while queued costs nothing on the wire; later it ends the exchange and the outcome may be unknown. */
  readonly signal?: CancelSignal;
  /** Absolute limit for queueing and all attempts together. Default: none for queueing, `attemptTimeoutMs` per attempt. */
  readonly deadlineAtMs?: number;
  /** Awaited after the gate granted and before each attempt leaves; when it rejects, nothing is sent. */
  readonly onDispatch?: () => Promise<void>;
  /**
   * Throws when the call may not leave after all. Called before each attempt when its connection stands and nothing was written
   * yet: the process may have stood still since `onDispatch`. Not called behind a proxy.
   */
  readonly assertMayLeave?: () => void;
  /** Told when the call must wait for its limit: until when, as far as known. */
  readonly onPaced?: (untilMs: number) => void;
  /**
   * Told each piece of an answer that is read while it comes (`StreamedOperation`), in order. The body is read on when the
   * promise resolves, so a slow reader slows the sender; when it rejects, the call ends with that. After the first piece the
   * call is not repeated, whatever happens.
   */
  readonly onPiece?: (piece: unknown) => void | Promise<void>;
}

export interface OperationResult<Output> {
  readonly value: Output;
  /** What this answer told of limits; empty when it told nothing. */
  readonly rateLimits: readonly RateLimitReading[];
  readonly attempts: number;
  /** From the call to the decoded answer, with queueing. */
  readonly durationMs: number;
  readonly status: number;
}

/** What is known of one bucket now. */
export interface BucketView {
  readonly bucket: string;
  readonly scope: "session" | "account";
  readonly sessionId?: SessionId;
  readonly limit?: number;
  readonly windowMs?: number;
  readonly remaining?: number;
  readonly queued: number;
  readonly inFlight: number;
  /** What the limit looks like: one at a time, windows that begin whole, or any so many in so long. Absent while unknown. */
  readonly shape?: "spacing" | "fixed_window" | "window";
  /** How it is known: described beforehand, told by answers, or inferred from refusals. Absent while unknown. */
  readonly origin?: "described" | "told" | "inferred";
  /** When the next request may leave; absent when one may leave now, and while only an answer can tell. */
  readonly freeAtMs?: number;
  /** How long until then, in milliseconds; 0 when one may leave now, absent while only an answer can tell. */
  readonly freeInMs?: number;
  readonly refusals: number;
  /**
   * Present when other processes spend of this allowance and share it. `degraded`: the shared budget cannot be reached, and this
   * process keeps to its part by itself.
   */
  readonly shared?: "shared" | "degraded";
}

export interface Transport {
  /**
   * Carries out one call. Throws `ColloquyError` (with its outcome), or the signal's `AbortError` when cancelled before
   * anything was sent; cancelled later, an operation that must not be repeated gives `OUTCOME_UNKNOWN`.
   */
  execute<Input, Output>(request: ExchangeRequest<Input, Output>): Promise<OperationResult<Output>>;
  /**
   * Counts requests that another process made, at the instants given: a limit does not begin anew because a process does.
   * To be called before the session's first request of this operation.
   */
  recall(
    provider: AnyProvider,
    operation: AnyOperation,
    session: ExchangeSession,
    departures: readonly InstantMs[],
  ): void;
  /** Those of one session and of the account, or all. */
  rateLimits(
    provider: AnyProvider,
    session?: Pick<ExchangeSession, "id" | "settings" | "remoteId">,
  ): readonly BucketView[];
  /** Forgets a session's queue and buckets. */
  forget(provider: AnyProvider, sessionId: SessionId): void;
  /** Closes sockets and timers; queued calls end with `not_attempted`. */
  close(): Promise<void>;
}
