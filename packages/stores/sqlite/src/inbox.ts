import type { InboxRow, InboxStore } from "@colloquy/core";
import type { Database } from "./database.js";
import type { SqlRow } from "./driver/driver.js";
import { keyText } from "./key-text.js";
import { needSession } from "./records.js";
import { readRow } from "./row-text.js";

export function inboxStore(database: Database): InboxStore {
  const read = (row: SqlRow): InboxRow =>
    readRow<InboxRow>(database.path, row["event"], { seq: row["seq"] as number, handled: false });

  return {
    async add(rows) {
      const prepared = rows.map((row) => ({
        session: keyText(row.sessionId),
        id: keyText(row.occurrenceId),
        text: JSON.stringify(row),
      }));
      const sessionIds = new Set(rows.map((row) => row.sessionId));
      const stored = await database.write((sql) => {
        for (const sessionId of sessionIds) needSession(sql, sessionId);
        return prepared.flatMap(({ session, id, text }) => {
          const row = sql.get(
            `INSERT INTO inbox (session_id, seq, occurrence_id, event)
             SELECT ?, coalesce(max(seq), 0) + 1, ?, ? FROM inbox WHERE session_id = ?
             ON CONFLICT (session_id, occurrence_id) DO NOTHING RETURNING seq`,
            session,
            id,
            text,
            session,
          );
          return row ? [{ event: text, seq: row["seq"] as number }] : [];
        });
      });
      return stored.map(read);
    },

    pending: (sessionId, { afterSeq = 0, limit = 1_000 } = {}) =>
      database.read((sql) =>
        sql
          .all(
            "SELECT seq, event FROM inbox WHERE session_id = ? AND seq > ? AND event IS NOT NULL ORDER BY seq LIMIT ?",
            keyText(sessionId),
            afterSeq,
            limit,
          )
          .map(read),
      ),

    async settle(sessionId, occurrenceIds) {
      const ids = JSON.stringify(occurrenceIds.map(keyText));
      await database.write((sql) =>
        sql.run(
          "UPDATE inbox SET event = NULL WHERE session_id = ? AND occurrence_id IN (SELECT value FROM json_each(?)) AND event IS NOT NULL",
          keyText(sessionId),
          ids,
        ),
      );
    },
  };
}
