import {
  changedMessage,
  checkInstant,
  checkMessageChange,
  checkRevision,
  invalid,
  isEdit,
  limitOf,
  type MessageChange,
  type MessageChangeOptions,
  type MessagePage,
  type MessageQuery,
  messageNotFound,
  type TranscriptChangeOptions,
  type TranscriptMessage,
} from "@colloquy/core";
import type { Database } from "../database.js";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { findArrival } from "./arrivals.js";
import type { Shelf } from "./conversation-row.js";
import { findMessage, removeMessage } from "./message-ids.js";
import { closeMessage, messageText, openMessage } from "./message-row.js";
import { needPlace } from "./need-place.js";
import { keyOf } from "./places.js";
import { readRows } from "./read-rows.js";
import { touch } from "./touch.js";
import { changeWords } from "./word-index.js";

const locate = "SELECT number, key_id, key_salt FROM conversations WHERE id = ?";

export function readPage(database: Database, shelf: Shelf, id: string, query: MessageQuery = {}): Promise<MessagePage> {
  const { from = "oldest", after } = query;
  const limit = limitOf(query.limit, 100, 10_000);
  return database.readTogether((sql) => {
    const row = sql.get(locate, id);
    if (!row) return { messages: [] };
    const seal = shelf.vault.sealOf(id, row);
    const number = row["number"] as number;
    const end = keyOf(number, Number.POSITIVE_INFINITY);
    const isForward = from === "oldest";
    const range = isForward
      ? { after: keyOf(number, after ?? 0), through: end }
      : { after: keyOf(number, 0), through: after === undefined ? end : keyOf(number, after) - 1 };
    // One more than asked for tells whether there is a next page.
    const found = readRows(sql, shelf.path, id, seal, { ...range, isForward, limit: limit + 1 });
    const taken = found.length > limit ? found.slice(0, limit) : found;
    const last = taken.at(-1);
    return {
      messages: isForward ? taken : taken.toReversed(),
      ...(last && found.length > limit ? { cursor: last.seq } : {}),
    };
  });
}

export function readMessage(
  database: Database,
  shelf: Shelf,
  id: string,
  messageId: string,
): Promise<TranscriptMessage | undefined> {
  return database.readTogether((sql) => {
    const row = sql.get(locate, id);
    const number = row?.["number"] as number;
    const found = row && (findArrival(sql, number, messageId) ?? findMessage(sql, number, messageId));
    return found && openMessage(shelf.path, id, shelf.vault.sealOf(id, row), found);
  });
}

export function changeMessage(
  database: Database,
  shelf: Shelf,
  id: string,
  messageId: string,
  given: MessageChange,
  { atMs, ifRevision }: MessageChangeOptions,
): Promise<TranscriptMessage> {
  checkMessageChange(messageId, given);
  checkInstant("atMs", atMs);
  const change = JSON.parse(JSON.stringify(given)) as MessageChange;
  return database.write((sql) => {
    const { number, seal, words } = needPlace(sql, shelf, id);
    const found = findMessage(sql, number, messageId);
    if (!found) throw messageNotFound(id, messageId);
    const before = openMessage(shelf.path, id, seal, found);
    const after = changedMessage(before, change, ifRevision);
    const key = found["key"] as number;
    if (!seal) changeWords(sql, key, words, before, after);
    sql.run("UPDATE messages SET body = ? WHERE key = ?", closeMessage(seal, after.seq, messageText(after)), key);
    touch(sql, number, { atMs, revisionCount: isEdit(before) ? 1 : 0 });
    return after;
  });
}

export function removeMessages(
  database: Database,
  shelf: Shelf,
  id: string,
  messageIds: readonly string[],
  options: TranscriptChangeOptions,
): Promise<readonly TranscriptMessage[]> {
  const wanted = [...new Set(messageIds)];
  return shrink(database, shelf, id, options, (sql, number) =>
    wanted
      .map((messageId) => findMessage(sql, number, messageId))
      .filter((row) => row !== undefined)
      .toSorted((one, other) => (one["key"] as number) - (other["key"] as number)),
  );
}

export function popMessages(
  database: Database,
  shelf: Shelf,
  id: string,
  count: number,
  options: TranscriptChangeOptions,
): Promise<readonly TranscriptMessage[]> {
  if (!Number.isSafeInteger(count) || count < 1) throw invalid("`count` must be a whole number from 1.");
  return shrink(database, shelf, id, options, (sql, number) =>
    sql
      .all(
        "SELECT key, body FROM messages WHERE key > ? AND key <= ? ORDER BY key DESC LIMIT ?",
        keyOf(number, 0),
        keyOf(number, Number.POSITIVE_INFINITY),
        count,
      )
      .toReversed(),
  );
}

function shrink(
  database: Database,
  shelf: Shelf,
  id: string,
  { atMs, ifRevision }: TranscriptChangeOptions,
  choose: (sql: Sql, number: number) => readonly SqlRow[],
): Promise<readonly TranscriptMessage[]> {
  checkInstant("atMs", atMs);
  return database.write((sql) => {
    const { number, seal, revision, words } = needPlace(sql, shelf, id);
    checkRevision(id, revision, ifRevision);
    const rows = choose(sql, number);
    const removed = rows.map((row) => openMessage(shelf.path, id, seal, row));
    if (rows.length === 0) return removed;
    for (const [index, row] of rows.entries()) {
      const key = row["key"] as number;
      const message = removed[index] as TranscriptMessage;
      removeMessage(sql, number, key, message.id);
      if (!seal) changeWords(sql, key, words, message, undefined);
    }
    touch(sql, number, { atMs, addedCount: -rows.length, revisionCount: 1 });
    return removed;
  });
}
