import { ColloquyError, isColloquyError } from "../contract/index.js";

/** Whatever happened to the look, the message itself is still here. */
export function notMarked(cause: ColloquyError): ColloquyError {
  const isTransient = cause.retryable || cause.outcome === "unknown";
  return new ColloquyError({
    code: isTransient ? "PROVIDER_UNAVAILABLE" : cause.code,
    outcome: "not_attempted",
    message: isTransient
      ? "The provider could not be asked how things stood before the message leaves."
      : `The message did not leave: ${cause.message}`,
    ...(cause.userAction === undefined || isTransient ? {} : { userAction: cause.userAction }),
    ...(cause.retryAfterMs === undefined ? {} : { retryAfterMs: cause.retryAfterMs }),
    ...(cause.sessionId === undefined ? {} : { sessionId: cause.sessionId }),
    ...(cause.providerId === undefined ? {} : { providerId: cause.providerId }),
    cause,
  });
}

/** A store that failed before the message left: it may have been marked as leaving, and certainly did not. */
export function beforeItLeft(error: unknown): unknown {
  if (!isColloquyError(error) || error.outcome !== "unknown") return error;
  const { code, message, retryable, sessionId } = error;
  return new ColloquyError({
    code,
    message,
    outcome: "not_attempted",
    retryable,
    ...(sessionId === undefined ? {} : { sessionId }),
    cause: error,
  });
}
