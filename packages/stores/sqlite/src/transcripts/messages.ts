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
import { findMessage } from "./append.js";
import { needConversation, type Shelf } from "./conversation-row.js";
import { closeMessage, messageText, openMessage } from "./message-row.js";
import { keyOf } from "./places.js";
import type { WordState } from "./word-index.js";

const locate = "SELECT number, key_id, key_salt FROM conversations WHERE id = ?";
const forward = "SELECT key, body FROM messages WHERE key > ? AND key <= ? ORDER BY key LIMIT ?";
const backward = "SELECT key, body FROM messages WHERE key > ? AND key < ? ORDER BY key DESC LIMIT ?";

export function readPage(database: Database, shelf: Shelf, id: string, query: MessageQuery = {}): Promise<MessagePage> {
  const { from = "oldest", after } = query;
  const limit = limitOf(query.limit, 100, 10_000);
  return database.read((sql) => {
    const row = sql.get(locate, id);
    if (!row) return { messages: [] };
    const seal = shelf.vault.sealOf(id, row);
    const number = row["number"] as number;
    const end = keyOf(number, Number.POSITIVE_INFINITY);
    // One more than asked for tells whether there is a next page.
    const rows =
      from === "oldest"
        ? sql.all(forward, keyOf(number, after ?? 0), end, limit + 1)
        : sql.all(backward, keyOf(number, 0), after === undefined ? end + 1 : keyOf(number, after), limit + 1);
    const taken = rows.length > limit ? rows.slice(0, limit) : rows;
    const messages = taken.map((one) => openMessage(shelf.path, id, seal, one));
    const last = messages.at(-1);
    return {
      messages: from === "oldest" ? messages : messages.toReversed(),
      ...(last && rows.length > limit ? { cursor: last.seq } : {}),
    };
  });
}

export function readMessage(
  database: Database,
  shelf: Shelf,
  id: string,
  messageId: string,
): Promise<TranscriptMessage | undefined> {
  return database.read((sql) => {
    const row = sql.get(locate, id);
    const found = row && findMessage(sql, row["number"] as number, messageId);
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
    const { number, seal, conversation } = needConversation(sql, shelf, id);
    const found = findMessage(sql, number, messageId);
    if (!found) throw messageNotFound(id, messageId);
    const before = openMessage(shelf.path, id, seal, found);
    const after = changedMessage(before, change, ifRevision);
    const key = found["key"] as number;
    let state = found["words"] as WordState;
    if (!seal && (state === null || after.content !== before.content || after.status === "streaming")) {
      if (state === 1 || state === 2) shelf.words.remove(sql, key);
      state = shelf.words.add(sql, key, conversation.ownerId, after);
    }
    sql.run(
      "UPDATE messages SET words = ?, body = ? WHERE key = ?",
      state,
      closeMessage(seal, after.seq, messageText(after)),
      key,
    );
    sql.run(
      "UPDATE conversations SET revision = revision + ?, updated_at = max(updated_at, ?) WHERE number = ?",
      isEdit(before) ? 1 : 0,
      atMs,
      number,
    );
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
        "SELECT key, words, body FROM messages WHERE key > ? AND key <= ? ORDER BY key DESC LIMIT ?",
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
    const { number, seal, conversation } = needConversation(sql, shelf, id);
    checkRevision(id, conversation.revision, ifRevision);
    const rows = choose(sql, number);
    const removed = rows.map((row) => openMessage(shelf.path, id, seal, row));
    if (rows.length === 0) return removed;
    for (const row of rows) {
      const key = row["key"] as number;
      sql.run("DELETE FROM messages WHERE key = ?", key);
      if (row["words"] === 1 || row["words"] === 2) shelf.words.remove(sql, key);
    }
    sql.run(
      "UPDATE conversations SET revision = revision + 1, message_count = message_count - ?, updated_at = max(updated_at, ?) WHERE number = ?",
      rows.length,
      atMs,
      number,
    );
    return removed;
  });
}
