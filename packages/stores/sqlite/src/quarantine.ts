import { renameSync } from "node:fs";
import { ColloquyError, isColloquyError } from "@colloquy/core/contract";

/** Moves a damaged file out of the way, and gives the error that says so. Other failures come back as they are. */
export function quarantined(path: string, failure: unknown, atMs: number): unknown {
  if (!isColloquyError(failure) || failure.code !== "STORE_CORRUPT") return failure;
  const away = `${path}.corrupt-${new Date(atMs).toISOString().replaceAll(":", "")}`;
  try {
    renameSync(path, away);
  } catch {
    // Another process was first, or the folder may not be written.
    return failure;
  }
  for (const suffix of ["-wal", "-shm"]) {
    try {
      renameSync(path + suffix, away + suffix);
    } catch {
      // There need not be any.
    }
  }
  return new ColloquyError({
    code: "STORE_CORRUPT",
    message: `The store ${path} is damaged or is not a SQLite database. It was moved to ${away}.`,
    userAction: "Restore the file from a backup, or open the store again to begin with an empty one.",
    cause: failure.cause,
  });
}
