import type { CredentialKind } from "./credential.js";
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
  /** Pure. Throws `ColloquyError` `INPUT_INVALID` for what must not go out. */
  readonly encode: (input: Input, context: EncodeContext) => RequestParts;
  /** Pure. Called for success only; throws `malformed(…)` when the answer is not what was promised. */
  readonly decode: (response: WireResponse) => Output;
  /** Pure. What the session's record takes from the answer: a replaced key, changed settings. Core stores it before the caller hears. */
  learn?(output: Output): Learned;
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
