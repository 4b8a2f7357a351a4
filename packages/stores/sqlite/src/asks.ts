import { type AskRow, type AskStore, openAskStates, patchedAsk } from "@colloquy/core";
import type { Database } from "./database.js";
import type { SqlRow, SqlValue } from "./driver/driver.js";
import { keyText } from "./key-text.js";
import { needSession } from "./records.js";
import { readRow } from "./row-text.js";
import type { Sql } from "./sql.js";

const columns = "seq, revision, is_delivered, ask";

const find = (sql: Sql, id: string): SqlRow | undefined =>
  sql.get(`SELECT ${columns} FROM asks WHERE id = ?`, keyText(id));

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, index) => key === other[index]);

function writeKeys(sql: Sql, seq: number, keys: readonly string[]): void {
  for (const key of new Set(keys.map(keyText))) sql.run("INSERT INTO ask_keys (key, seq) VALUES (?, ?)", key, seq);
}

export function askStore(database: Database): AskStore {
  const read = (row: SqlRow): AskRow =>
    readRow<AskRow>(database.path, row["ask"], {
      seq: row["seq"] as number,
      revision: row["revision"] as number,
      isDelivered: row["is_delivered"] === 1,
    });

  return {
    async add(row) {
      const text = JSON.stringify(row);
      const stored = await database.write((sql) => {
        needSession(sql, row.sessionId);
        const known = find(sql, row.id);
        if (known) return known;
        const added = sql.get(
          "INSERT INTO asks (id, session_id, state, is_delivered, revision, deadline, ask) VALUES (?, ?, ?, ?, 1, ?, ?) RETURNING seq",
          keyText(row.id),
          keyText(row.sessionId),
          row.state,
          row.isDelivered ? 1 : 0,
          row.question.deadlineAtMs,
          text,
        ) as SqlRow;
        writeKeys(sql, added["seq"] as number, row.keys);
        return { ...added, revision: 1, is_delivered: row.isDelivered ? 1 : 0, ask: text };
      });
      return read(stored);
    },

    get: (id) =>
      database.read((sql) => {
        const row = find(sql, id);
        return row && read(row);
      }),

    async move(id, from, patch, revision) {
      const changes = JSON.parse(JSON.stringify(patch)) as typeof patch;
      return database.write((sql) => {
        const stored = find(sql, id);
        const row = stored && read(stored);
        if (!row || row.isDelivered || !from.includes(row.state)) return undefined;
        if (revision !== undefined && revision !== row.revision) return undefined;
        const kept = patchedAsk(row, changes);
        sql.run(
          "UPDATE asks SET state = ?, revision = ?, ask = ? WHERE seq = ?",
          kept.state,
          kept.revision,
          JSON.stringify(kept),
          kept.seq,
        );
        if (!isSame(row.keys, kept.keys)) {
          sql.run("DELETE FROM ask_keys WHERE seq = ?", kept.seq);
          writeKeys(sql, kept.seq, kept.keys);
        }
        return kept;
      });
    },

    deliver: (id) =>
      database.write(
        (sql) =>
          sql.run(
            "UPDATE asks SET is_delivered = 1, revision = revision + 1 WHERE id = ? AND state = 'answered' AND is_delivered = 0",
            keyText(id),
          ) > 0,
      ),

    list({ sessionId, states, key, dueAtMs, afterSeq = 0, limit = 1_000 } = {}) {
      const conditions = ["seq > ?"];
      const values: SqlValue[] = [afterSeq];
      const add = (condition: string, value: SqlValue): void => {
        conditions.push(condition);
        values.push(value);
      };
      if (sessionId !== undefined) add("session_id = ?", keyText(sessionId));
      if (states) add("state IN (SELECT value FROM json_each(?))", JSON.stringify(states));
      if (key !== undefined) add("seq IN (SELECT seq FROM ask_keys WHERE key = ?)", keyText(key));
      // The states stand as text: only so does SQLite see that the index of what is open fits.
      if (dueAtMs !== undefined) add(`state IN (${openStates}) AND deadline <= ?`, dueAtMs);
      return database.read((sql) =>
        sql
          .all(`SELECT ${columns} FROM asks WHERE ${conditions.join(" AND ")} ORDER BY seq LIMIT ?`, ...values, limit)
          .map(read),
      );
    },
  };
}

const openStates = openAskStates.map((state) => `'${state}'`).join(", ");
