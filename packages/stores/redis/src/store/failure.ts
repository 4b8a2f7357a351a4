import { ColloquyError, isColloquyError, type SessionId } from "@colloquy/core/contract";

/** `lost`: it may have been carried out. `away`: it was not, and may be soon. */
export type FailureKind = "lost" | "away" | "full" | "refused" | "damaged" | "other";

// The first word of an error of the server is its code.
const kindOfCode: Readonly<Record<string, FailureKind>> = {
  LOADING: "away",
  CLUSTERDOWN: "away",
  TRYAGAIN: "away",
  MASTERDOWN: "away",
  READONLY: "away",
  NOREPLICAS: "away",
  BUSY: "away",
  OOM: "full",
  MISCONF: "full",
  NOAUTH: "refused",
  WRONGPASS: "refused",
  NOPERM: "refused",
  WRONGTYPE: "damaged",
};

const lostMessage = /connection|socket|closed|timed out|max retries|refresh slots|cluster/i;

export function kindOf(error: unknown): FailureKind {
  if (!(error instanceof Error)) return "other";
  if (/isn't writeable/.test(error.message)) return "away";
  const code = /^(?:\w+: )?([A-Z]{3,})\b/.exec(error.message)?.[1];
  if (code && code in kindOfCode) return kindOfCode[code] as FailureKind;
  const { code: systemCode } = error as NodeJS.ErrnoException;
  if (systemCode === "ECONNREFUSED" || systemCode === "ENOTFOUND") return "away";
  return systemCode?.startsWith("E") || lostMessage.test(error.message) ? "lost" : "other";
}

const hints: Readonly<Record<Exclude<FailureKind, "damaged">, readonly [what: string, todo: string]>> = {
  lost: [
    "did not answer in time",
    "Check that the server runs and is not too slow, then look before repeating a change.",
  ],
  away: ["cannot be reached or is not ready", "Check that the server runs and can be reached, then try again."],
  full: ["cannot keep more", "Give the server more memory or room on its disk, then try again."],
  refused: ["refuses the user, the password or a command", "Check user and password, and what the user may do."],
  other: ["cannot be read or written", "Look into the log of the server."],
};

/** The error a caller sees. Errors of ours and mistakes of the programmer pass as they are. */
export function storeFailure(error: unknown, mayHaveHappened = false): unknown {
  if (isColloquyError(error) || error instanceof TypeError || error instanceof RangeError) return error;
  const kind = kindOf(error);
  if (kind === "damaged") return corrupt("A key holds a value of another kind.");
  const [what, userAction] = hints[kind];
  return new ColloquyError({
    code: "STORE_UNAVAILABLE",
    message: `The store in Redis ${what}.`,
    userAction,
    retryable: kind === "lost" || kind === "away",
    outcome: mayHaveHappened ? "unknown" : "not_attempted",
    // Its text may repeat a script's arguments, which hold messages: only the code is passed on.
    cause: new Error(causeOf(error)),
  });
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return code ?? /^[A-Z]{3,}\b/.exec(error.message)?.[0] ?? error.name;
}

export function notOpen(): ColloquyError {
  return new ColloquyError({
    code: "STORE_UNAVAILABLE",
    message: "The store in Redis is not open.",
    userAction: "Call `open()` first.",
    retryable: false,
  });
}

export function corrupt(why: string): ColloquyError {
  return new ColloquyError({
    code: "STORE_CORRUPT",
    message: "The store in Redis holds what cannot be read. It was left as it is.",
    userAction: "Restore the server's data from a backup, or begin with another `prefix`.",
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
