import type { CredentialKind } from "./credential.js";
import type { MediaSource, OpenedMedia } from "./media.js";
import type { HttpMethod, JsonValue, WireBody, WireResponse } from "./wire.js";

/**
 * May the same request be sent again when its fate is not known?
 *
 * - `always`: reading, or idempotent by nature.
 * - `with_key`: only with the same idempotency key, which `encode` puts on the request.
 * - `never`: repeating could do it twice. Repeated only when it certainly did not reach the provider.
 */
export type Repeatable = "always" | "with_key" | "never";

/** The parts of a request that depend on the input. Transport fills the path template and adds host and credentials. */
export interface RequestParts {
  /** Values of the `{name}` places of the path; percent-encoded by transport. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** `undefined` values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: WireBody;
}

export interface EncodeContext {
  /** The provider's own id of the session that the call is made for, when there is one. */
  readonly remoteId?: string;
  /** What `Operation.media` named, opened: its length and first bytes are known. */
  readonly media?: OpenedMedia;
  /**
   * A fresh name for this call, which nobody can guess: for services that take one in a header. All attempts of one call carry
   * the same. Transport always gives it.
   */
  readonly requestId?: string;
}

/** One endpoint as data: encode beside decode, and all that transport must know to carry it safely. */
export interface Operation<Input = never, Output = unknown> {
  /** Noun and verb, for example `messages.edit`. Its place in the provider's operation tree. */
  readonly name: string;
  readonly summary: string;
  readonly method: HttpMethod;
  /** Template with `{name}` places, for example `/whatsapp-sessions/{id}/connect`. */
  readonly path: string;
  readonly credential: CredentialKind;
  readonly repeatable: Repeatable;
  /** Buckets of the manifest that one request spends. */
  readonly buckets: readonly string[];
  /**
   * Carried out by a service of core's own, on the store, and not over the network: method and path name one of its routes.
   * Limits, attempts and credentials do not apply.
   */
  readonly service?: "conversations";
  /** How long one attempt may take, in milliseconds. Default: `attemptTimeoutMs` of the transport. */
  readonly attemptTimeoutMs?: number;
  /** How many of one session may be under way at once, the others waiting in order. Default: as many as the transport allows. */
  readonly maxConcurrentPerSession?: number;
  /** Pure. The file that the input names, for operations that upload one: core opens it before `encode`. */
  readonly media?: (input: Input) => MediaSource | undefined;
  /** Pure. Throws `ColloquyError` `INPUT_INVALID` for what must not go out. */
  readonly encode: (input: Input, context: EncodeContext) => RequestParts;
  /** Pure. Called for success only; throws `malformed(…)` when the answer is not what was promised. */
  readonly decode: (response: WireResponse) => Output;
  /** Pure. What the session's record takes from the answer: a replaced key, changed settings. Core stores it before the caller hears. */
  learn?(output: Output): Learned;
}

/** The head of an answer, before its body. */
export type ResponseHead = Pick<WireResponse, "status" | "headers">;

/** Reads one answer while it comes. A new one for each attempt; pure but for what it remembers of the body so far. */
export interface PieceReader<Piece, Output> {
  /** The next part of the body: cut anywhere, though never within a character. What it throws ends the call. */
  push(text: string): readonly Piece[];
  /** The body is whole. Throws what `decode` would for an answer that is not what was promised. */
  end(): Output;
}

/**
 * An operation whose success is read while it comes, piece by piece, and is not held whole. Answers that are no success are read
 * as always. `decode` serves who has the whole text already.
 */
export interface StreamedOperation<Input, Output, Piece> extends Operation<Input, Output> {
  /** Pure. */
  readonly pieces: (head: ResponseHead) => PieceReader<Piece, Output>;
  /** How long the body may pause, in milliseconds, while it is waited for. Default 60,000. `attemptTimeoutMs` ends at the head. */
  readonly idleTimeoutMs?: number;
}

/** Where a page stands in its list. */
export interface PagePosition {
  /** From 1. */
  readonly page: number;
  readonly lastPage: number;
  readonly perPage: number;
  /** Rows of the whole list, now. */
  readonly total: number;
}

/** Numbered pages. Pure. */
export interface Paging<Input, Output, Row> {
  /** The same request for another page. */
  at(input: Input, page: number): Input;
  position(output: Output): PagePosition;
  rows(output: Output): readonly Row[];
  /** A row's lasting name. With it, a list that moves while it is read gives no row twice, and loses none by a removal. */
  key?(row: Row): string;
}

/** An operation whose answer is one page of a list. It gets `each` and `pages` beside the plain call. */
export interface PagedOperation<Input, Output, Row> extends Operation<Input, Output> {
  readonly paging: Paging<Input, Output, Row>;
}

export interface Learned {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, JsonValue>>;
  readonly name?: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- inputs are contravariant, so a table of operations needs it
export type AnyOperation = Operation<any, any>;

/** A provider's operations by noun and verb: `operations.messages.edit`. */
export type OperationTree = Readonly<Record<string, Readonly<Record<string, AnyOperation>>>>;

/** Declares an operation with its types inferred. */
export function defineOperation<Input, Output>(operation: Operation<Input, Output>): Operation<Input, Output> {
  return operation;
}
