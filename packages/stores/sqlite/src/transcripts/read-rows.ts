import type { TranscriptMessage } from "@colloquy/core";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { messageFrom, openMessage, type StoredMessage } from "./message-row.js";
import { conversationOf, keyOf, seqOf } from "./places.js";
import type { Seal } from "./vault.js";

export interface RowRange {
  /** Keys of messages: beyond this one, up to that one. */
  readonly after: number;
  readonly through: number;
  readonly isForward: boolean;
  readonly limit: number;
}

// Read as one text, many rows cost half of what they do one by one: one crossing into JavaScript, one parse. Long ones go
// singly, because a string and a row have their limits.
const rowsAtOnce = 250;
const mostBytesTogether = 100_000;
type Table = "messages" | "arrivals";
// Arrivals lie in the order in which they came, which is that of their keys within a conversation.
const order: Readonly<Record<Table, string>> = { messages: "key", arrivals: "position" };
const rows = (table: Table, isForward: boolean): string =>
  `SELECT key, body FROM ${table} WHERE key > ? AND key <= ? ORDER BY ${order[table]} ${isForward ? "" : "DESC"} LIMIT ?`;

/** Messages in the order asked for. It takes several statements: to be called in a transaction. */
export function readRows(
  sql: Sql,
  path: string,
  id: string,
  seal: Seal | undefined,
  range: RowRange,
): readonly TranscriptMessage[] {
  // What is encrypted goes to its place at once.
  if (seal) return readSingly(sql, "messages", path, id, seal, range);
  const messages: TranscriptMessage[] = [];
  // All that is in its place came before all that has arrived since.
  for (const table of range.isForward ? (["messages", "arrivals"] as const) : (["arrivals", "messages"] as const))
    readTable(sql, table, path, id, range, messages);
  return messages;
}

function readTable(
  sql: Sql,
  table: Table,
  path: string,
  id: string,
  range: RowRange,
  messages: TranscriptMessage[],
): void {
  let { after, through } = range;
  while (messages.length < range.limit) {
    const limit = Math.min(rowsAtOnce, range.limit - messages.length);
    const part = readTogether(sql, table, path, id, { ...range, after, through, limit });
    for (const message of part) messages.push(message);
    const last = part.at(-1);
    if (!last || part.length < limit) return;
    const key = keyOf(conversationOf(range.through), last.seq);
    if (range.isForward) after = key;
    else through = key - 1;
  }
}

function readTogether(sql: Sql, table: Table, path: string, id: string, range: RowRange): readonly TranscriptMessage[] {
  const { after, through, isForward, limit } = range;
  const { count, first, last, texts } = sql.get(
    `SELECT count(*) AS count, min(key) AS first, max(key) AS last, '[' || group_concat(CASE WHEN octet_length(body) > ${mostBytesTogether} THEN 'null' ELSE body END) || ']' AS texts FROM (${rows(table, isForward)})`,
    after,
    through,
    limit,
  ) as SqlRow;
  if (count === 0) return [];
  const stored = parsed(texts as string);
  // One of them cannot be read: which one is told by looking at each.
  if (!stored || stored.length !== count) return readSingly(sql, table, path, id, undefined, range);
  const keys = (last as number) - (first as number) + 1 === count ? undefined : keysOf(sql, table, range);
  return stored.map((message, index) => {
    const key = keys?.[index] ?? (isForward ? (first as number) + index : (last as number) - index);
    if (message) return messageFrom(message, id, seqOf(key));
    return openMessage(path, id, undefined, {
      key,
      body: sql.get(`SELECT body FROM ${table} WHERE key = ?`, key)?.["body"] ?? null,
    });
  });
}

/** Where messages were removed, numbers are missing. */
function keysOf(sql: Sql, table: Table, { after, through, isForward, limit }: RowRange): readonly number[] {
  const { keys } = sql.get(
    `SELECT '[' || group_concat(key) || ']' AS keys FROM (${rows(table, isForward)})`,
    after,
    through,
    limit,
  ) as SqlRow;
  return JSON.parse(keys as string) as readonly number[];
}

function parsed(texts: string): readonly (StoredMessage | null)[] | undefined {
  try {
    return JSON.parse(texts) as readonly (StoredMessage | null)[];
  } catch {
    return undefined;
  }
}

function readSingly(
  sql: Sql,
  table: Table,
  path: string,
  id: string,
  seal: Seal | undefined,
  { after, through, isForward, limit }: RowRange,
): readonly TranscriptMessage[] {
  return sql.all(rows(table, isForward), after, through, limit).map((row) => openMessage(path, id, seal, row));
}
