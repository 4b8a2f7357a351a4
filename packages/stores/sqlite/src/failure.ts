import { ColloquyError, isColloquyError, type SessionId } from "@colloquy/core/contract";

type Kind = "busy" | "damaged" | "read_only" | "full" | "unreachable" | "other";

// Primary result codes, https://www.sqlite.org/rescode.html
const kindOfCode: Readonly<Record<number, Kind>> = {
  3: "unreachable",
  5: "busy",
  6: "busy",
  8: "read_only",
  11: "damaged",
  13: "full",
  14: "unreachable",
  26: "damaged",
};

const kindOfName: Readonly<Record<string, Kind>> = {
  SQLITE_PERM: "unreachable",
  SQLITE_BUSY: "busy",
  SQLITE_LOCKED: "busy",
  SQLITE_READONLY: "read_only",
  SQLITE_CORRUPT: "damaged",
  SQLITE_FULL: "full",
  SQLITE_CANTOPEN: "unreachable",
  SQLITE_NOTADB: "damaged",
  // Of the file system, before SQLite is asked.
  ENOENT: "unreachable",
  ENOTDIR: "unreachable",
  EISDIR: "unreachable",
  EACCES: "unreachable",
  EPERM: "unreachable",
  EROFS: "read_only",
  ENOSPC: "full",
};

/** What a driver's error means. Each driver tells the code in its own field; extended codes keep the primary one in the low byte. */
export function kindOf(error: unknown): Kind {
  if (typeof error !== "object" || error === null) return "other";
  const { errcode, rawCode, code, message } = error as {
    errcode?: unknown;
    rawCode?: unknown;
    code?: unknown;
    message?: unknown;
  };
  for (const numeric of [errcode, rawCode])
    if (typeof numeric === "number") return kindOfCode[numeric & 0xff] ?? "other";
  const name = typeof code === "string" ? kindOfName[code.split("_", 2).join("_")] : undefined;
  if (name) return name;
  // libsql tells a failed opening only in words, with the code at the end.
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(String(message));
  return opening ? (kindOfCode[Number(opening[1]) & 0xff] ?? "unreachable") : "other";
}

const hints: Readonly<Record<Exclude<Kind, "damaged">, readonly [what: string, todo: string]>> = {
  busy: [
    "is locked by another process",
    "Find the process that holds the lock (a backup, an SQLite shell) and end it, then try again.",
  ],
  read_only: [
    "cannot be written",
    "Give this user write permission on the file and on its folder: SQLite puts two files beside it.",
  ],
  full: ["has no room left on its disk", "Free space on the disk, then try again."],
  unreachable: [
    "cannot be opened",
    "Check that the path names a file, not a folder, and that this user may read and write it and the -wal and -shm files beside it.",
  ],
  other: ["cannot be read or written", "Check the disk and the permissions of the file and its folder."],
};

/** The error a caller sees. Errors of ours and mistakes of the programmer pass as they are. */
export function storeFailure(path: string, error: unknown): unknown {
  if (isColloquyError(error) || error instanceof TypeError || error instanceof RangeError) return error;
  const kind = kindOf(error);
  if (kind === "damaged") return corrupt(path, error);
  const [what, userAction] = hints[kind];
  return new ColloquyError({
    code: "STORE_UNAVAILABLE",
    message: `The store ${path} ${what}.`,
    userAction,
    retryable: kind === "busy" || kind === "full",
    cause: error,
  });
}

export function corrupt(path: string, cause: unknown): ColloquyError {
  return new ColloquyError({
    code: "STORE_CORRUPT",
    message: `The store ${path} is damaged or is not a SQLite database. It was left as it is.`,
    userAction:
      "Restore the file from a backup, or move it away (with its -wal and -shm files) to begin with an empty store.",
    cause,
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
