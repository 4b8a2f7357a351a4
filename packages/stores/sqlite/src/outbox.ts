import { type OutboxRow, type OutboxState, type OutboxStore, patchedRow } from "@colloquy/core";
import type { Database } from "./database.js";
import type { SqlRow } from "./driver/driver.js";
import { sessionNotFound } from "./failure.js";
import { idOf, keyText } from "./key-text.js";
import { readRow } from "./row-text.js";
import type { Sql } from "./sql.js";

const find = (sql: Sql, session: string, id: string): SqlRow | undefined =>
  sql.get("SELECT seq, message FROM outbox WHERE session_id = ? AND id = ?", session, id);

export function outboxStore(database: Database): OutboxStore {
  const read = (row: SqlRow): OutboxRow =>
    readRow<OutboxRow>(database.path, row["message"], { seq: row["seq"] as number });

  return {
    async add(rows) {
      const prepared = rows.map((row) => ({
        sessionId: row.sessionId,
        session: keyText(row.sessionId),
        id: keyText(row.id),
        state: row.state,
        settledAt: row.settledAtMs ?? null,
        key: keyOf(row),
        text: JSON.stringify(row),
      }));
      const sessionIds = new Set(rows.map((row) => row.sessionId));
      const stored = await database.write((sql) => {
        const nextOf = new Map([...sessionIds].map((sessionId) => [keyText(sessionId), nextSeq(sql, sessionId)]));
        return prepared.map(({ session, id, state, settledAt, key, text }) => {
          const seq = nextOf.get(session) as number;
          const isNew =
            sql.run(
              "INSERT INTO outbox (session_id, seq, id, state, settled_at, message_key, message) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session_id, id) DO NOTHING",
              session,
              seq,
              id,
              state,
              settledAt,
              key,
              text,
            ) > 0;
          if (!isNew) return find(sql, session, id) as SqlRow;
          nextOf.set(session, seq + 1);
          return { seq, message: text };
        });
      });
      return stored.map(read);
    },

    get: (sessionId, id) =>
      database.read((sql) => {
        const row = find(sql, keyText(sessionId), keyText(id));
        return row && read(row);
      }),

    async move(sessionId, id, from, patch, epoch) {
      const session = keyText(sessionId);
      const changes = JSON.parse(JSON.stringify(patch)) as typeof patch;
      return database.write((sql) => {
        const stored = find(sql, session, keyText(id));
        const row = stored && read(stored);
        if (!row || !from.includes(row.state)) return undefined;
        if (epoch !== undefined && sql.get("SELECT epoch FROM sessions WHERE id = ?", session)?.["epoch"] !== epoch)
          return undefined;
        const kept = patchedRow(row, changes);
        sql.run(
          "UPDATE outbox SET state = ?, settled_at = ?, message_key = ?, message = ? WHERE session_id = ? AND seq = ?",
          kept.state,
          kept.settledAtMs ?? null,
          keyOf(kept),
          JSON.stringify(kept),
          session,
          kept.seq,
        );
        return kept;
      });
    },

    list: (sessionId, { states, messageKey, afterSeq = 0, limit = 1_000 } = {}) =>
      database.read((sql) => {
        const conditions = ["session_id = ?"];
        const values: (string | number)[] = [keyText(sessionId)];
        const add = (condition: string, value: string | number): void => {
          conditions.push(condition);
          values.push(value);
        };
        if (messageKey !== undefined) add("message_key = ?", keyText(messageKey));
        if (states) add("state IN (SELECT value FROM json_each(?))", JSON.stringify(states));
        add("seq > ?", afterSeq);
        return sql
          .all(
            `SELECT seq, message FROM outbox WHERE ${conditions.join(" AND ")} ORDER BY seq LIMIT ?`,
            ...values,
            limit,
          )
          .map(read);
      }),

    count: (sessionId) =>
      database.read((sql) => {
        const counts: Record<OutboxState, number> = {
          queued: 0,
          sending: 0,
          sent: 0,
          failed: 0,
          unknown: 0,
          cancelled: 0,
        };
        for (const row of sql.all(
          "SELECT state, count(*) AS count FROM outbox WHERE session_id = ? GROUP BY state",
          keyText(sessionId),
        ))
          counts[row["state"] as OutboxState] = row["count"] as number;
        return counts;
      }),

    waiting: ({ after = "", limit = 1_000 } = {}) =>
      database.read((sql) =>
        sql
          .all(
            "SELECT DISTINCT session_id FROM outbox INDEXED BY outbox_queued WHERE state = 'queued' AND session_id > ? ORDER BY session_id LIMIT ?",
            keyText(after),
            limit,
          )
          .map((row) => idOf(row["session_id"] as string)),
      ),

    departures: (sessionId, sinceMs) =>
      database.read((sql) =>
        sql
          .all(
            "SELECT settled_at FROM outbox WHERE session_id = ? AND settled_at >= ? AND state IN ('sent', 'unknown') ORDER BY settled_at DESC LIMIT 10000",
            keyText(sessionId),
            sinceMs,
          )
          .map((row) => row["settled_at"] as number)
          .toReversed(),
      ),
  };
}

function keyOf({ messageKey }: Pick<OutboxRow, "messageKey">): string | null {
  return messageKey === undefined ? null : keyText(messageKey);
}

/** Throws `SESSION_NOT_FOUND`: what belongs to a session must not come back after it. */
function nextSeq(sql: Sql, sessionId: string): number {
  const row = sql.get(
    "SELECT (SELECT coalesce(max(seq), 0) + 1 FROM outbox WHERE session_id = sessions.id) AS next FROM sessions WHERE id = ?",
    keyText(sessionId),
  );
  if (!row) throw sessionNotFound(sessionId);
  return row["next"] as number;
}
