import {
  type AnyOperation,
  type AnyProvider,
  ColloquyError,
  type ColloquyErrorOptions,
  type Failure,
  isColloquyError,
  type RateLimitReading,
  type WireResponse,
} from "../contract/index.js";
import type { CircuitCause } from "./circuit.js";
import { type Fault, isCertainlyUnsent } from "./fault.js";
import { redactedCause, redactedExcerpt, redactText } from "./redact.js";

/** Where an error happened, and what must not be in it. */
export interface FailureContext {
  readonly provider: AnyProvider;
  readonly operation: AnyOperation;
  readonly sessionId?: string;
  /** Tokens and texts of this call. */
  readonly secrets: readonly string[];
}

const requestIdHeaders = ["x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id", "cf-ray"];

/** Why the answer is not a success: the provider's own reading first, then its status. Undefined for success. */
export function readFailure(
  provider: AnyProvider,
  operation: AnyOperation,
  response: WireResponse,
): Failure | undefined {
  // A redirect is refused whatever the provider thinks of it: credentials are not sent on.
  if (response.status >= 300 && response.status < 400) return { code: "REDIRECT_REFUSED" };
  const failure = ownReading(provider, operation, response);
  if (failure) return failure;
  if (response.status >= 200 && response.status < 300) return undefined;
  return failureOfStatus(response);
}

/** A reader that trips over a hostile body must not hide the status. */
function ownReading(provider: AnyProvider, operation: AnyOperation, response: WireResponse): Failure | undefined {
  try {
    return provider.readFailure(response, operation);
  } catch {
    return response.status < 300 ? { code: "RESPONSE_MALFORMED", ...outcomeOfMalformed(operation) } : undefined;
  }
}

function failureOfStatus(response: WireResponse): Failure {
  const { status } = response;
  const words = response.text === "" ? {} : { providerMessage: response.text };
  if (status === 429) return { code: "RATE_LIMITED", ...words };
  if (status === 401) return { code: "CREDENTIAL_REJECTED", ...words };
  if (status === 402) return { code: "SUBSCRIPTION_REQUIRED", ...words };
  if (status === 403) return { code: "PERMISSION_DENIED", ...words };
  if (status === 404 || status === 410) return { code: "REMOTE_NOT_FOUND", ...words };
  if (status >= 500 || status === 408) return { code: "PROVIDER_UNAVAILABLE", ...words };
  return { code: "PROVIDER_REJECTED", ...words };
}

/** The error of an answer that is not a success. */
export function errorOfFailure(
  failure: Failure,
  response: WireResponse,
  context: FailureContext,
  extra: { readonly retryAfterMs?: number; readonly rateLimits?: readonly RateLimitReading[] },
): ColloquyError {
  const retryAfterMs = failure.retryAfterMs ?? extra.retryAfterMs;
  const providerMessage = failure.providerMessage ?? (response.format === "other" ? response.text : undefined);
  const excerpt = providerMessage === undefined ? "" : redactedExcerpt(providerMessage, context.secrets);
  return new ColloquyError({
    ...about(context),
    code: failure.code,
    message: `${context.provider.manifest.displayName} answered ${response.status} to ${context.operation.name}${excerpt === "" ? "." : `: ${excerpt}`}`,
    status: response.status,
    ...requestIdOf(response),
    ...(failure.outcome ? { outcome: failure.outcome } : {}),
    ...(failure.userAction === undefined ? {} : { userAction: failure.userAction }),
    ...(failure.providerCode === undefined ? {} : { providerCode: redactText(failure.providerCode, context.secrets) }),
    ...(excerpt === "" ? {} : { providerMessage: excerpt }),
    ...(failure.fieldErrors ? { fieldErrors: redactedFields(failure.fieldErrors, context.secrets) } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(extra.rateLimits && extra.rateLimits.length > 0 ? { rateLimits: extra.rateLimits } : {}),
  });
}

/** The error of an attempt that brought no answer. */
export function errorOfFault(fault: Fault, error: unknown, context: FailureContext): ColloquyError {
  const name = context.provider.manifest.displayName;
  const { operation } = context;
  const cause = redactedCause(error, context.secrets);
  const common = { ...about(context), cause };
  if (fault === "too_large")
    return new ColloquyError({
      ...common,
      code: "RESPONSE_TOO_LARGE",
      message: `The answer of ${name} to ${operation.name} is larger than the limit.`,
      ...outcomeOfMalformed(operation),
    });
  if (fault === "unsendable")
    return new ColloquyError({
      ...common,
      code: "INPUT_INVALID",
      message: `${operation.name} cannot be sent: ${cause.message}.`,
    });
  if (isCertainlyUnsent(fault))
    return new ColloquyError({
      ...common,
      code: "NETWORK_UNREACHABLE",
      message: `No connection to ${name} for ${operation.name}: ${causeCode(error)}.`,
      retryable: fault === "unreachable",
    });
  return new ColloquyError({
    ...common,
    code: "OUTCOME_UNKNOWN",
    message: `No answer of ${name} to ${operation.name} (${fault === "lost" ? causeCode(error) : fault}): it may have happened.`,
    // An operation that may be repeated is safe to call again, whatever became of this call.
    retryable: operation.repeatable !== "never",
  });
}

/** The host failed again and again, so it was not asked at all. */
export function errorOfCircuit(cause: CircuitCause, retryAfterMs: number, context: FailureContext): ColloquyError {
  const name = context.provider.manifest.displayName;
  const what = cause === "unreachable" ? "could not be reached" : "failed";
  return new ColloquyError({
    ...about(context),
    code: cause === "unreachable" ? "NETWORK_UNREACHABLE" : "PROVIDER_UNAVAILABLE",
    message: `${name} ${what} several times in a row, so ${context.operation.name} was not sent.`,
    outcome: "not_attempted",
    retryable: true,
    retryAfterMs,
  });
}

/** What `decode` threw, as an error of ours that tells where it happened. */
export function errorOfDecode(error: unknown, response: WireResponse, context: FailureContext): ColloquyError {
  const where = { ...about(context), status: response.status, ...requestIdOf(response) };
  if (isColloquyError(error))
    return new ColloquyError({
      ...definedFields(error),
      ...where,
      code: error.code,
      message: redactText(error.message, context.secrets),
      ...(error.code === "RESPONSE_MALFORMED" ? outcomeOfMalformed(context.operation) : { outcome: error.outcome }),
      ...(error.providerMessage === undefined
        ? {}
        : { providerMessage: redactedExcerpt(error.providerMessage, context.secrets) }),
      ...(error.cause === undefined ? {} : { cause: redactedCause(error.cause, context.secrets) }),
    });
  const excerpt = response.format === "other" ? redactedExcerpt(response.text, context.secrets) : "";
  const kind =
    response.format === "other" ? "not JSON" : response.format === "empty" ? "empty" : "not what was promised";
  return new ColloquyError({
    ...where,
    code: "RESPONSE_MALFORMED",
    message: `The answer of ${context.provider.manifest.displayName} to ${context.operation.name} (${response.status}) is ${kind}.`,
    ...outcomeOfMalformed(context.operation),
    ...(excerpt === "" ? {} : { providerMessage: excerpt }),
    cause: redactedCause(error, context.secrets),
  });
}

/** Gives an error that was thrown on the way out (encoding, credentials, queueing) its place. */
export function placed(error: unknown, context: FailureContext): unknown {
  if (!isColloquyError(error) || error.providerId !== undefined) return error;
  return new ColloquyError({
    ...definedFields(error),
    ...about(context),
    code: error.code,
    message: redactText(error.message, context.secrets),
    outcome: error.outcome,
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  });
}

/**
 * An unreadable answer to something that may be done only once leaves its fate open; one to a call that may be repeated
 * leaves nothing behind worth looking for, so it counts as refused.
 */
function outcomeOfMalformed(operation: AnyOperation): Pick<Failure, "outcome"> {
  return { outcome: operation.repeatable === "always" ? "rejected" : "unknown" };
}

function about(context: FailureContext): Pick<ColloquyErrorOptions, "providerId" | "sessionId" | "operation"> {
  return {
    providerId: context.provider.id,
    operation: context.operation.name,
    ...(context.sessionId === undefined ? {} : { sessionId: context.sessionId }),
  };
}

function requestIdOf(response: WireResponse): { readonly requestId?: string } {
  for (const name of requestIdHeaders) {
    const value = response.headers[name];
    if (value && /^[\w.:/=+-]{1,128}$/.test(value)) return { requestId: value };
  }
  return {};
}

function redactedFields(
  fields: Readonly<Record<string, readonly string[]>>,
  secrets: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, problems]) => [
      field,
      problems.map((problem) => redactedExcerpt(problem, secrets)),
    ]),
  );
}

/** The public fields of an error that are set, ready to make another of. */
function definedFields(error: ColloquyError): Partial<ColloquyErrorOptions> {
  const { retryable, retryAfterMs, userAction, providerId, sessionId, operation, requestId, status } = error;
  const { providerCode, providerMessage, fieldErrors, rateLimits } = error;
  const fields = { retryable, retryAfterMs, userAction, providerId, sessionId, operation, requestId, status };
  return Object.fromEntries(
    Object.entries({ ...fields, providerCode, providerMessage, fieldErrors, rateLimits }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function causeCode(error: unknown): string {
  const { code, cause } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly code?: unknown;
    readonly cause?: { readonly code?: unknown };
  };
  const found = typeof cause?.code === "string" ? cause.code : code;
  return typeof found === "string" && /^[A-Z][A-Z0-9_]+$/.test(found) ? found : "connection lost";
}
