import type { LogEntry, LogStore, NewLogEntry } from "@colloquy/core";
import type { Database } from "./database.js";
import { keyText } from "./key-text.js";
import { readRow } from "./row-text.js";
import type { Sql } from "./sql.js";

/** Writes the texts now, and gives back what appends them inside a transaction. */
export function appendLog(sessionId: string, entries: readonly NewLogEntry[]): (sql: Sql) => void {
  const id = keyText(sessionId);
  const texts = entries.map((entry) => JSON.stringify({ ...entry, sessionId }));
  return (sql) => {
    for (const text of texts)
      sql.run(
        "INSERT INTO log (session_id, seq, entry) SELECT ?, coalesce(max(seq), 0) + 1, ? FROM log WHERE session_id = ?",
        id,
        text,
        id,
      );
  };
}

export function logStore(database: Database): LogStore {
  return {
    read: (sessionId, { afterSeq = 0, limit = 1_000 } = {}) =>
      database.read((sql) =>
        sql
          .all(
            "SELECT seq, entry FROM log WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?",
            keyText(sessionId),
            afterSeq,
            limit,
          )
          .map((row) => readRow<LogEntry>(database.path, row["entry"], { seq: row["seq"] as number })),
      ),
  };
}
