import { ColloquyError, isColloquyError, type SessionId } from "@colloquy/core/contract";

/** `lost`: it may have been carried out. `away`: it was not, and may be soon. `late`: somebody else wrote first. */
export type FailureKind = "lost" | "away" | "late" | "missing" | "full" | "refused" | "other";

// https://github.com/nats-io/nats-server/blob/main/server/errors.json
const kindOfCode: Readonly<Record<number, FailureKind>> = {
  10_071: "late",
  10_164: "late",
  10_059: "missing",
  10_008: "away",
  10_003: "away",
  10_005: "away",
  10_009: "away",
  10_077: "full",
  10_023: "full",
  10_047: "full",
  10_028: "full",
  10_002: "full",
  10_035: "refused",
  10_039: "refused",
};

const kindOfName: Readonly<Record<string, FailureKind>> = {
  TimeoutError: "lost",
  RequestError: "lost",
  ConnectionError: "lost",
  ClosedConnectionError: "lost",
  DrainingConnectionError: "away",
  // The answer of a server whose JetStream is about to begin, too.
  JetStreamNotEnabled: "away",
  NoRespondersError: "away",
  AuthorizationError: "refused",
  UserAuthenticationExpiredError: "refused",
  PermissionViolationError: "refused",
};

export function kindOf(error: unknown): FailureKind {
  if (!(error instanceof Error)) return "other";
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "number" && code in kindOfCode) return kindOfCode[code] as FailureKind;
  const name = kindOfName[error.name] ?? kindOfName[error.constructor.name];
  if (name) return name;
  return code === "ECONNREFUSED" || code === "ENOTFOUND" ? "away" : "other";
}

type Hint = readonly [what: string, todo: string];

const hints: Readonly<Record<FailureKind, Hint>> = {
  lost: [
    "did not answer in time",
    "Check that the server runs and is not too slow, then look before repeating a change.",
  ],
  away: ["cannot be reached or is not ready", "Check that the server runs with JetStream, then try again."],
  late: ["is changed by others all the time", "Try again."],
  missing: [
    "has lost its stream",
    "Restore the stream from a backup, or open the store anew to begin with an empty one.",
  ],
  full: ["cannot keep more", "Give JetStream more memory or room on its disk, then try again."],
  refused: ["refuses the user, the password or JetStream", "Check user and password, and what the account may do."],
  other: ["cannot be read or written", "Look into the log of the server."],
};

/** The error a caller sees. Errors of ours and mistakes of the programmer pass as they are. */
export function storeFailure(error: unknown, mayHaveHappened = false): unknown {
  if (isColloquyError(error) || error instanceof TypeError || error instanceof RangeError) return error;
  const kind = kindOf(error);
  const [what, userAction] = hints[kind];
  return new ColloquyError({
    code: "STORE_UNAVAILABLE",
    message: `The store in NATS ${what}.`,
    userAction,
    retryable: kind === "lost" || kind === "away" || kind === "late",
    outcome: mayHaveHappened ? "unknown" : "not_attempted",
    // Its own text may name an address with a password.
    cause: new Error(error instanceof Error ? error.constructor.name : typeof error),
  });
}

export function notOpen(): ColloquyError {
  return new ColloquyError({
    code: "STORE_UNAVAILABLE",
    message: "The store in NATS is not open.",
    userAction: "Call `open()` first.",
    retryable: false,
  });
}

export function corrupt(why: string): ColloquyError {
  return new ColloquyError({
    code: "STORE_CORRUPT",
    message: "The store in NATS holds what cannot be read. It was left as it is.",
    userAction: "Restore the stream from a backup, or begin with another `prefix`.",
    cause: new Error(why),
  });
}

export function sessionNotFound(sessionId: SessionId): ColloquyError {
  return new ColloquyError({
    code: "SESSION_NOT_FOUND",
    message: `The store holds no session ${sessionId}.`,
    sessionId,
  });
}

export function conflict(sessionId: SessionId, what: string): ColloquyError {
  return new ColloquyError({ code: "STORE_CONFLICT", message: `Session ${sessionId} ${what}.`, sessionId });
}
