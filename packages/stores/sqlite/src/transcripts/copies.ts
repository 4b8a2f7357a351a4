import {
  type Conversation,
  type ConversationTarget,
  checkTarget,
  conversationNotFound,
  copiedConversation,
  invalid,
  type MergeOptions,
  type MergeResult,
  mergedConversation,
  mergedMessages,
} from "@colloquy/core";
import type { Database } from "../database.js";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import {
  type Found,
  findConversation,
  insertConversation,
  needConversation,
  openConversation,
  type Shelf,
} from "./conversation-row.js";
import { closeMessage, messageText, openMessage } from "./message-row.js";
import { checkRoom, keyOf } from "./places.js";
import { ownerWord } from "./word-index.js";

export function copyConversation(
  database: Database,
  shelf: Shelf,
  id: string,
  given: ConversationTarget,
  throughSeq?: number,
): Promise<Conversation> {
  checkTarget(given);
  if (throughSeq !== undefined && !(Number.isSafeInteger(throughSeq) && throughSeq >= 1))
    throw invalid("`seq` must be the number of a message.");
  const target = JSON.parse(JSON.stringify(given)) as ConversationTarget;
  return database.write((sql) => {
    const source = needConversation(sql, shelf, id);
    const lineage = { copiedFrom: id, ...(throughSeq === undefined ? {} : { forkedAtSeq: throughSeq }) };
    const copy = copiedConversation(source.conversation, target, lineage);
    const made = insertConversation(sql, shelf, copy);
    const end = keyOf(source.number, throughSeq ?? Number.POSITIVE_INFINITY);
    if (source.seal || made.seal) copyRows(sql, shelf, source, made, copy, end);
    else copyInPlace(sql, shelf, source.number, made.number, copy, end);
    return settleCounts(sql, shelf, made.number);
  });
}

/** Inside the database, as long as no text has to be looked at. */
function copyInPlace(
  sql: Sql,
  { words, path }: Shelf,
  from: number,
  to: number,
  copy: Conversation,
  end: number,
): void {
  const start = keyOf(from, 0);
  const shift = keyOf(to, 0) - start;
  sql.run(
    "INSERT INTO messages (key, conversation, id, words, body) SELECT key + ?, ?, id, words, body FROM messages WHERE key > ? AND key <= ? ORDER BY key",
    shift,
    to,
    start,
    end,
  );
  sql.run(
    "INSERT INTO transcript_words (rowid, owner, title, content) SELECT key + ?, ?, '', json_extract(body, '$.content') FROM messages WHERE key > ? AND key <= ? AND words = 1 ORDER BY key",
    shift,
    ownerWord(copy.ownerId),
    start,
    end,
  );
  for (const row of sql.all("SELECT key, body FROM messages WHERE key > ? AND key <= ? AND words = 2", start, end)) {
    const { content } = openMessage(path, copy.id, undefined, row);
    words.addNow(sql, (row["key"] as number) + shift, copy.ownerId, content);
  }
}

function copyRows(
  sql: Sql,
  shelf: Shelf,
  source: Found,
  made: Omit<Found, "conversation">,
  copy: Conversation,
  end: number,
): void {
  for (const row of messagesOf(sql, source.number, end)) {
    const message = openMessage(shelf.path, source.conversation.id, source.seal, row);
    addMessage(sql, shelf, made, copy.ownerId, message);
  }
}

export function mergeConversations(
  database: Database,
  shelf: Shelf,
  ids: readonly string[],
  given: ConversationTarget,
  options?: MergeOptions,
): Promise<MergeResult> {
  checkTarget(given);
  const target = JSON.parse(JSON.stringify(given)) as ConversationTarget;
  const wanted = [...new Set(ids)];
  return database.write((sql) => {
    const sources = wanted.flatMap((id) => findConversation(sql, shelf, id) ?? []);
    const [first, ...others] = sources.map(({ conversation }) => conversation);
    if (!first) throw conversationNotFound(ids[0] ?? "");
    const merged = mergedConversation([first, ...others], target, options);
    const lists = sources.map(({ number, seal, conversation }) =>
      messagesOf(sql, number).map((row) => openMessage(shelf.path, conversation.id, seal, row)),
    );
    checkRoom(
      target.id,
      lists.reduce((sum, { length }) => sum + length, 0),
    );
    const made = insertConversation(sql, shelf, merged);
    let duplicateCount = 0;
    for (const message of mergedMessages(target.id, lists, () => duplicateCount++))
      addMessage(sql, shelf, made, merged.ownerId, message);
    const found = new Set(sources.map(({ conversation }) => conversation.id));
    return {
      conversation: settleCounts(sql, shelf, made.number),
      missing: wanted.filter((id) => !found.has(id)),
      duplicateCount,
    };
  });
}

type Message = ReturnType<typeof openMessage>;

function addMessage(
  sql: Sql,
  { words }: Shelf,
  { number, seal }: Omit<Found, "conversation">,
  ownerId: string | undefined,
  message: Message,
): void {
  const key = keyOf(number, message.seq);
  const state = seal ? null : words.add(sql, key, ownerId, message);
  sql.run(
    "INSERT INTO messages (key, conversation, id, words, body) VALUES (?, ?, ?, ?, ?)",
    key,
    number,
    message.id,
    state,
    closeMessage(seal, message.seq, messageText(message)),
  );
}

function messagesOf(
  sql: Sql,
  number: number,
  end: number = keyOf(number, Number.POSITIVE_INFINITY),
): readonly SqlRow[] {
  return sql.all("SELECT key, body FROM messages WHERE key > ? AND key <= ? ORDER BY key", keyOf(number, 0), end);
}

function settleCounts(sql: Sql, shelf: Shelf, number: number): Conversation {
  const { count, last } = sql.get(
    "SELECT count(*) AS count, max(key) AS last FROM messages WHERE key > ? AND key <= ?",
    keyOf(number, 0),
    keyOf(number, Number.POSITIVE_INFINITY),
  ) as SqlRow;
  sql.run(
    "UPDATE conversations SET message_count = ?, last_seq = ? WHERE number = ?",
    count as number,
    last === null ? 0 : (last as number) - keyOf(number, 0),
    number,
  );
  return openConversation(
    shelf,
    sql.get(
      "SELECT c.*, r.record FROM conversations c JOIN conversation_records r ON r.number = c.number WHERE c.number = ?",
      number,
    ) as SqlRow,
  ).conversation;
}
