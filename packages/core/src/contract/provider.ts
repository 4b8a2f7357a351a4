import type { CredentialKind, CredentialSource } from "./credential.js";
import type { ErrorCode } from "./error-codes.js";
import type { Outcome } from "./errors.js";
import type { Facets } from "./facets.js";
import type { ProviderManifest } from "./manifest.js";
import type { InterpretContext, Observation, RemoteSignal } from "./observation.js";
import type { AnyOperation, OperationTree } from "./operation.js";
import type { Procedure } from "./procedure.js";
import type { LimitRule, RateLimitReading } from "./rate-limit.js";
import type { JsonValue, ReadyRequest, WireResponse } from "./wire.js";

/** One thing that is wrong with an input or an option. */
export interface Problem {
  /** Dotted path of the field, for example `phoneNumber`. */
  readonly field: string;
  readonly message: string;
}

/** A session as the provider knows it, after it was created or looked up there. */
export interface RemoteSession {
  /** The provider's own id, as text. */
  readonly remoteId: string;
  readonly name?: string;
  /** Keys that only this session has, for example `session_key`. Stored as secrets, never logged. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Settings that limits and facets depend on, for example `{ accountProtection: true }`. */
  readonly settings: Readonly<Record<string, JsonValue>>;
  /** Whose account should be linked: pairing with another one ends in `IDENTITY_MISMATCH`. */
  readonly expectedIdentity?: string;
}

/** What the lifecycle procedures know of the session they work for. */
export interface SessionContext {
  readonly sessionId: string;
  readonly remoteId: string;
  readonly settings: Readonly<Record<string, JsonValue>>;
}

/** Why the provider said no, in our words. Core makes the error of it. */
export interface Failure {
  readonly code: ErrorCode;
  readonly providerCode?: string;
  readonly providerMessage?: string;
  readonly fieldErrors?: Readonly<Record<string, readonly string[]>>;
  readonly outcome?: Outcome;
  readonly userAction?: string;
  /** The provider's own request to wait. */
  readonly retryAfterMs?: number;
}

/**
 * A provider: data and pure functions. Core owns every effect, so nothing here opens a connection, reads a clock, waits,
 * logs or retries.
 */
export interface Provider<
  Id extends string = string,
  Operations extends OperationTree = OperationTree,
  SessionInput = never,
> {
  readonly id: Id;
  readonly manifest: ProviderManifest;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Credentials given by the caller; session keys come from `RemoteSession.secrets` under the same names. */
  readonly credentials: Readonly<Partial<Record<Exclude<CredentialKind, "none">, CredentialSource>>>;
  /** Limits in force instead of the manifest's, when the caller overrode them. */
  readonly limits?: readonly LimitRule[];
  readonly operations: Operations;

  /** Checks the options without network. Empty when all is well. */
  validateConfig(): readonly Problem[];
  /** Checks the input of `sessions.create` without network. */
  validateSession(input: SessionInput): readonly Problem[];

  /** Makes the session at the provider. */
  create(input: SessionInput): Procedure<RemoteSession>;
  /** Looks an existing session up by the provider's id; also used to refresh lost secrets. */
  attach(remoteId: string): Procedure<RemoteSession>;
  /** Asks the provider to bring the session online; `pairing` tells whether somebody will consume a challenge. */
  open(context: SessionContext, options: { readonly pairing: boolean }): Procedure<RemoteSignal>;
  /** Asks for a proof of the present state. */
  probe(context: SessionContext): Procedure<RemoteSignal>;
  /** Ends the session at the provider for good. */
  close(context: SessionContext): Procedure<RemoteSignal>;
  /** Unlinks the account but keeps the session. Absent: `logout` is refused. */
  logout?(context: SessionContext): Procedure<RemoteSignal>;
  /** Pauses without unlinking. Absent: suspending sends nothing. */
  suspend?(context: SessionContext): Procedure<RemoteSignal>;

  /** Pure: what a signal means in this context. */
  interpret(signal: RemoteSignal, context: InterpretContext): readonly Observation[];
  /**
   * Pure: the headers that carry the credential of one attempt, for services that want a signature over the request instead of a
   * token in a header. Absent: the header that the manifest names.
   */
  authorize?(request: ReadyRequest, credential: string, operation: AnyOperation): Readonly<Record<string, string>>;
  /** Pure: `undefined` for success, otherwise why not. `format: "other"` reaches it too. */
  readFailure(response: WireResponse, operation: AnyOperation): Failure | undefined;
  /** Pure: what headers and body tell of limits. */
  readRateLimits(response: WireResponse, operation: AnyOperation): readonly RateLimitReading[];

  /** Opt-in abilities; their names are the provider's capabilities. */
  readonly facets: Facets;
}

// oxlint-disable-next-line typescript/no-explicit-any -- inputs are contravariant, so a list of providers needs it
export type AnyProvider = Provider<string, any, any>;
