import type { RecordStore, SessionRecord } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import type { Database } from "./database.js";
import type { SqlRow, SqlValue } from "./driver/driver.js";
import { conflict, sessionNotFound } from "./failure.js";
import { keyText } from "./key-text.js";
import { appendLog } from "./log.js";
import { readRow } from "./row-text.js";
import type { Sql } from "./sql.js";

/** Throws `SESSION_NOT_FOUND`: what belongs to a session goes with it, and must not come back after it. */
export function needSession(sql: Sql, sessionId: string): void {
  if (!sql.get("SELECT 1 FROM sessions WHERE id = ?", keyText(sessionId))) throw sessionNotFound(sessionId);
}

export function recordStore(database: Database): RecordStore {
  const read = (row: SqlRow): SessionRecord =>
    readRow<SessionRecord>(database.path, row["record"], {
      createdAtMs: row["created_at"] as number,
      revision: row["revision"] as number,
    });

  return {
    async create(record, entries) {
      const id = keyText(record.id);
      const text = JSON.stringify(record);
      const columns = [
        record.providerId,
        record.remoteId ?? null,
        record.lifecycle.state,
        record.createdAtMs,
        record.updatedAtMs,
        record.epoch,
      ];
      const append = appendLog(record.id, entries);
      await database.write((sql) => {
        if (sql.get("SELECT 1 FROM sessions WHERE id = ?", id)) throw conflict(record.id, "exists already");
        sql.run(
          "INSERT INTO sessions (id, provider_id, remote_id, state, created_at, updated_at, epoch, revision, record) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
          id,
          ...columns,
          text,
        );
        append(sql);
      });
      return read({ record: text, created_at: record.createdAtMs, revision: 1 });
    },

    get: (id) =>
      database.read((sql) => {
        const row = sql.get("SELECT record, created_at, revision FROM sessions WHERE id = ?", keyText(id));
        return row && read(row);
      }),

    async save(record, entries) {
      const id = keyText(record.id);
      const text = JSON.stringify(record);
      const revision = record.revision + 1;
      // A session stays with its provider and keeps its time of creation: columns with an index are left alone.
      const columns = [
        record.remoteId ?? null,
        record.lifecycle.state,
        record.updatedAtMs,
        record.epoch,
        text,
        revision,
      ];
      const append = appendLog(record.id, entries);
      const createdAt = await database.write((sql) => {
        const saved = sql.get(
          "UPDATE sessions SET remote_id = ?, state = ?, updated_at = ?, epoch = ?, record = ?, revision = ? WHERE id = ? AND revision = ? RETURNING created_at",
          ...columns,
          id,
          record.revision,
        );
        if (!saved) {
          needSession(sql, record.id);
          throw conflict(record.id, "was changed by somebody else");
        }
        append(sql);
        return saved["created_at"] as number;
      });
      return read({ record: text, created_at: createdAt, revision });
    },

    async list({ providerId, states, after, limit = 100 } = {}) {
      const conditions: string[] = [];
      const parameters: SqlValue[] = [];
      const add = (condition: string, ...values: SqlValue[]): void => {
        conditions.push(condition);
        parameters.push(...values);
      };
      if (providerId !== undefined) add("provider_id = ?", providerId);
      if (states) add("state IN (SELECT value FROM json_each(?))", JSON.stringify(states));
      if (after !== undefined) add("(created_at, id) < (?, ?)", ...placeOf(after));
      const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
      // One more than asked for tells whether there is a next page.
      const rows = await database.read((sql) =>
        sql.all(
          `SELECT id, record, created_at, revision FROM sessions ${where} ORDER BY created_at DESC, id DESC LIMIT ?`,
          ...parameters,
          limit + 1,
        ),
      );
      const records = rows.slice(0, limit).map(read);
      const last = records.at(-1);
      return last && rows.length > limit ? { records, cursor: `${last.createdAtMs}:${keyText(last.id)}` } : { records };
    },

    remove: (id) => database.write((sql) => sql.run("DELETE FROM sessions WHERE id = ?", keyText(id)) > 0),
  };
}

function placeOf(cursor: string): [createdAtMs: number, id: string] {
  const match = /^(-?\d+(?:\.\d+)?):(.+)$/s.exec(cursor);
  if (!match) throw new ColloquyError({ code: "INPUT_INVALID", message: "`after` is not a cursor of this store." });
  return [Number(match[1]), match[2] as string];
}
