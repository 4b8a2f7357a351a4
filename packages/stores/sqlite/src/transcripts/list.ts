import { type ConversationPage, type ConversationQuery, checkConditions, invalid, limitOf } from "@colloquy/core";
import type { Database } from "../database.js";
import type { SqlValue } from "../driver/driver.js";
import { keyText } from "../key-text.js";
import type { Sql } from "../sql.js";
import { arrived, haveArrivals, withArrivals } from "./arrivals.js";
import { conversationColumns, openConversation, type Shelf } from "./conversation-row.js";
import { isNegative, rowCondition, type SqlPart } from "./metadata-index.js";
import { foldedTitle } from "./word-index.js";

/** More than so many arrivals are better taken to their places than sorted with each list. */
const manyArrivals = 200;

const joinArrived = `LEFT JOIN ${arrived} a ON a.number = c.number`;

/** A value that fewer conversations have is rare: they are gathered and sorted. Others are met while walking by time. */
const rareCount = 1_000;

export async function listConversations(
  database: Database,
  shelf: Shelf,
  query: ConversationQuery = {},
): Promise<ConversationPage> {
  const { ownerId, sessionId, where = [], titleContains, aliveAtMs, after } = query;
  checkConditions(where);
  const limit = limitOf(query.limit, 50, 1_000);
  const conditions: SqlPart[] = [];
  const add = (text: string, ...values: readonly SqlValue[]): void => void conditions.push({ text, values });
  if (ownerId !== undefined) add("c.owner_id = ?", ownerId);
  if (sessionId !== undefined) add("c.session_id = ?", keyText(sessionId));
  if (aliveAtMs !== undefined) add("(c.expires_at IS NULL OR c.expires_at > ?)", aliveAtMs);
  if (where.length > 0) add("c.key_id IS NULL");
  if (titleContains !== undefined) add("instr(r.title, ?) > 0", foldedTitle(titleContains));
  const cursor = after === undefined ? undefined : placeOf(after);
  const required = where.filter((condition) => !isNegative(condition)).map(rowCondition);
  for (const { text, values } of where.filter(isNegative).map(rowCondition))
    add(`NOT EXISTS (SELECT 1 FROM conversation_metadata m WHERE m.conversation = c.number AND ${text})`, ...values);

  const rows = await database.readTogether((sql) => {
    const rare = rarest(sql, required);
    const others = required
      .filter((part) => part !== rare)
      .map(({ text, values }) => ({
        text: `EXISTS (SELECT 1 FROM conversation_metadata m WHERE m.conversation = c.number AND ${text})`,
        values,
      }));
    const all = [...conditions, ...others];
    const values = [...all.flatMap((part) => part.values), ...(cursor ?? [])];
    const select = (source: string, updatedAt: string, ...more: readonly string[]): string => {
      const beyond = cursor ? [`(${updatedAt}, c.id) < (?, ?)`] : [];
      const filter = [...more, ...all.map(({ text }) => text), ...beyond].join(" AND ");
      return `SELECT ${conversationColumns} FROM ${source} CROSS JOIN conversation_records r ON r.number = c.number ${filter && `WHERE ${filter}`} ORDER BY ${updatedAt} DESC, c.id DESC LIMIT ?`;
    };
    // One more than asked for tells whether there is a next page.
    const most = limit + 1;
    // CROSS JOIN keeps the order: SQLite would not know that the first table is the small or the sorted one.
    if (rare)
      return sql.all(
        select(
          `(SELECT DISTINCT m.conversation FROM conversation_metadata m WHERE ${rare.text}) f CROSS JOIN conversations c ON c.number = f.conversation ${joinArrived}`,
          withArrivals.updatedAt,
        ),
        ...rare.values,
        ...values,
        most,
      );
    if (sessionId !== undefined)
      return sql.all(select(`conversations c ${joinArrived}`, withArrivals.updatedAt), ...values, most);
    const index = ownerId === undefined ? "conversations_changed" : "conversations_of_owner";
    const walk = `conversations c INDEXED BY ${index} ${joinArrived}`;
    if (!haveArrivals(sql)) return sql.all(select(walk, "c.updated_at"), ...values, most);
    // Those in order, walked by their index, and the few that something has arrived for, sorted.
    if (haveArrivals(sql, manyArrivals)) shelf.upkeep.start();
    const inOrder = select(walk, "c.updated_at", "a.number IS NULL");
    const moved = select(`${arrived} a CROSS JOIN conversations c ON c.number = a.number`, withArrivals.updatedAt);
    return sql.all(
      `SELECT * FROM (${inOrder}) UNION ALL SELECT * FROM (${moved}) ORDER BY updated_at DESC, id DESC LIMIT ?`,
      ...values,
      most,
      ...values,
      most,
      most,
    );
  });
  const conversations = rows.slice(0, limit).map((row) => openConversation(shelf, row).conversation);
  const last = conversations.at(-1);
  return last && rows.length > limit ? { conversations, cursor: `${last.updatedAtMs}:${last.id}` } : { conversations };
}

/** Of the conditions, the one that the fewest conversations meet, if those are few. Counts no further than that. */
function rarest(sql: Sql, required: readonly SqlPart[]): SqlPart | undefined {
  let fewest = rareCount;
  let found: SqlPart | undefined;
  for (const part of required) {
    const count = sql.get(
      `SELECT count(*) AS count FROM (SELECT 1 FROM conversation_metadata m WHERE ${part.text} LIMIT ?)`,
      ...part.values,
      fewest,
    )?.["count"] as number;
    if (count < fewest) [fewest, found] = [count, part];
    if (fewest === 0) break;
  }
  return found;
}

function placeOf(cursor: string): readonly [updatedAtMs: number, id: string] {
  const match = /^(-?\d+):(.+)$/s.exec(cursor);
  if (!match) throw invalid("`after` is not a cursor of this store.");
  return [Number(match[1]), match[2] as string];
}
