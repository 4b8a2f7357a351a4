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
  type TranscriptMessage,
} from "@colloquy/core";
import type { Database } from "../database.js";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { placeArrivals } from "./arrivals.js";
import {
  type Found,
  findConversation,
  insertConversation,
  type Made,
  needConversation,
  type Shelf,
} from "./conversation-row.js";
import { nameMessages } from "./message-ids.js";
import { closeMessage, messageText } from "./message-row.js";
import { checkRoom, keyOf, seqOf } from "./places.js";
import { readRows } from "./read-rows.js";

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
    placeArrivals(sql, source.number);
    const lineage = { copiedFrom: id, ...(throughSeq === undefined ? {} : { forkedAtSeq: throughSeq }) };
    const copy = copiedConversation(source.conversation, target, lineage);
    const made = insertConversation(sql, shelf, copy);
    const through = keyOf(source.number, throughSeq ?? Number.POSITIVE_INFINITY);
    if (source.seal || made.seal)
      for (const message of messagesOf(sql, shelf, source, through)) addMessage(sql, made, message);
    else copyInPlace(sql, source.number, made.number, through);
    return settleCounts(sql, shelf, target.id, made);
  });
}

/** Inside the database: no text has to be looked at. */
function copyInPlace(sql: Sql, from: number, to: number, through: number): void {
  const after = keyOf(from, 0);
  sql.run(
    "INSERT INTO messages (key, id, body) SELECT key + ?, id, body FROM messages WHERE key > ? AND key <= ? ORDER BY key",
    keyOf(to, 0) - after,
    after,
    through,
  );
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
    const lists = sources.map((source) => messagesOf(sql, shelf, source));
    checkRoom(
      target.id,
      lists.reduce((sum, { length }) => sum + length, 0),
    );
    const made = insertConversation(sql, shelf, merged);
    let duplicateCount = 0;
    for (const message of mergedMessages(target.id, lists, () => duplicateCount++)) addMessage(sql, made, message);
    const found = new Set(sources.map(({ conversation }) => conversation.id));
    return {
      conversation: settleCounts(sql, shelf, target.id, made),
      missing: wanted.filter((id) => !found.has(id)),
      duplicateCount,
    };
  });
}

function addMessage(sql: Sql, { number, seal }: Made, message: TranscriptMessage): void {
  sql.run(
    "INSERT INTO messages (key, id, body) VALUES (?, ?, ?)",
    keyOf(number, message.seq),
    message.id,
    closeMessage(seal, message.seq, messageText(message)),
  );
}

function messagesOf(
  sql: Sql,
  { path }: Shelf,
  { number, seal, conversation }: Found,
  through: number = keyOf(number, Number.POSITIVE_INFINITY),
): readonly TranscriptMessage[] {
  return readRows(sql, path, conversation.id, seal, {
    after: keyOf(number, 0),
    through,
    isForward: true,
    limit: Number.MAX_SAFE_INTEGER,
  });
}

/** Of a conversation that was just made. Its words come into the index later, as those of appended messages do. */
function settleCounts(sql: Sql, shelf: Shelf, id: string, { number }: Made): Conversation {
  const { count, last, bytes } = sql.get(
    "SELECT count(*) AS count, max(key) AS last, sum(octet_length(body)) AS bytes FROM messages WHERE key > ? AND key <= ?",
    keyOf(number, 0),
    keyOf(number, Number.POSITIVE_INFINITY),
  ) as SqlRow;
  sql.run(
    "UPDATE conversations SET message_count = ?, last_seq = ?, behind = key_id IS NULL AND ? > 0 WHERE number = ?",
    count as number,
    last === null ? 0 : seqOf(last as number),
    count as number,
    number,
  );
  nameMessages(sql, number, 0);
  shelf.upkeep.note(count as number, (bytes ?? 0) as number);
  return needConversation(sql, shelf, id).conversation;
}
