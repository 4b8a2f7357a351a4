import { randomInt } from "node:crypto";
import { type Conversation, conversationConflict, conversationNotFound } from "@colloquy/core";
import type { SqlRow, SqlValue } from "../driver/driver.js";
import { sessionNotFound } from "../failure.js";
import { idOf, keyText } from "../key-text.js";
import { readRow } from "../row-text.js";
import type { Sql } from "../sql.js";
import { arrivedBy, withArrivals } from "./arrivals.js";
import type { Ends } from "./ends.js";
import { writeMetadata } from "./metadata-index.js";
import type { Upkeep } from "./upkeep.js";
import type { Seal, SealColumns, Vault } from "./vault.js";
import { foldedTitle, setTitleWords } from "./word-index.js";

/** What a conversation is stored with, for the parts of this store. */
export interface Shelf {
  readonly path: string;
  readonly vault: Vault;
  readonly upkeep: Upkeep;
  readonly ends: Ends;
}

type OwnConversation = { -readonly [Field in keyof Conversation]: Conversation[Field] };
type Record = Pick<Conversation, "title" | "context" | "metadata" | "lineage">;

/** Of `c`, of `a` that has arrived for it, and of its record `r`, to be joined. */
export const conversationColumns: string = `c.number, c.id, c.owner_id, c.session_id, c.created_at, ${withArrivals.updatedAt} AS updated_at, c.expires_at, c.revision, ${withArrivals.messageCount} AS message_count, ${withArrivals.lastSeq} AS last_seq, c.key_id, c.key_salt, r.record`;
const byId = `
  SELECT ${conversationColumns} FROM conversations c CROSS JOIN conversation_records r ON r.number = c.number
  LEFT JOIN ${arrivedBy("key >> 24 = (SELECT number FROM conversations WHERE id = ?)")} a
  WHERE c.id = ?`;

/** A conversation with its number in this file and what opens it. */
export interface Found {
  readonly number: number;
  readonly seal: Seal | undefined;
  readonly conversation: Conversation;
}

export function findConversation(sql: Sql, shelf: Shelf, id: string): Found | undefined {
  const row = sql.get(byId, id, id);
  return row && openConversation(shelf, row);
}

/** Throws `SESSION_NOT_FOUND`. */
export function needConversation(sql: Sql, shelf: Shelf, id: string): Found {
  const found = findConversation(sql, shelf, id);
  if (!found) throw conversationNotFound(id);
  return found;
}

export function openConversation({ path, vault }: Shelf, row: SqlRow): Found {
  const id = row["id"] as string;
  const seal = vault.sealOf(id, row);
  const body = row["record"] as SqlValue;
  const text = seal ? seal.open("record", body) : body;
  const { title, context, metadata, lineage } = readRow<Record>(path, text);
  const conversation: OwnConversation = {
    id,
    title,
    createdAtMs: row["created_at"] as number,
    updatedAtMs: row["updated_at"] as number,
    revision: row["revision"] as number,
    messageCount: row["message_count"] as number,
    lastSeq: row["last_seq"] as number,
    isEncrypted: seal !== undefined,
    context,
    metadata,
    lineage,
  };
  // Not by spreading, which takes longer than all the rest of a list.
  const [ownerId, sessionId, expiresAtMs] = [row["owner_id"], row["session_id"], row["expires_at"]];
  if (ownerId !== null) conversation.ownerId = ownerId as string;
  if (sessionId !== null) conversation.sessionId = idOf(sessionId as string);
  if (expiresAtMs !== null) conversation.expiresAtMs = expiresAtMs as number;
  return { number: row["number"] as number, seal, conversation };
}

export interface Made {
  readonly number: number;
  readonly birth: number;
  readonly seal: Seal | undefined;
}

/** Refuses before it writes: with `SESSION_NOT_FOUND`, `STORE_CONFLICT`, `CONFIG_INVALID` or `SECRET_UNREADABLE`. */
export function insertConversation(sql: Sql, { vault }: Shelf, conversation: Conversation): Made {
  const { id, ownerId, sessionId, isEncrypted } = conversation;
  const session = sessionId === undefined ? null : keyText(sessionId);
  if (session !== null && !sql.get("SELECT 1 FROM sessions WHERE id = ?", session))
    throw sessionNotFound(sessionId ?? "");
  if (sql.get("SELECT 1 FROM conversations WHERE id = ?", id)) throw conversationConflict(id, "exists already");
  const columns: SealColumns = isEncrypted ? vault.newColumns() : { key_id: null, key_salt: null };
  const seal = vault.sealOf(id, columns);
  const birth = randomInt(1, 2 ** 47);
  const number = sql.get(
    "INSERT INTO conversations (id, owner_id, session_id, created_at, updated_at, expires_at, revision, message_count, last_seq, birth, key_id, key_salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
    id,
    ownerId ?? null,
    session,
    conversation.createdAtMs,
    conversation.updatedAtMs,
    conversation.expiresAtMs ?? null,
    conversation.revision,
    conversation.messageCount,
    conversation.lastSeq,
    birth,
    columns.key_id,
    columns.key_salt,
  )?.["number"] as number;
  sql.run(
    "INSERT INTO conversation_records (number, title, record) VALUES (?, ?, ?)",
    number,
    ...recordColumns(seal, conversation),
  );
  if (!isEncrypted) {
    writeMetadata(sql, number, conversation.metadata);
    setTitleWords(sql, number, conversation, "");
  }
  return { number, birth, seal };
}

/** Writes what an update may have changed. */
export function saveConversation(sql: Sql, { number, seal, conversation: before }: Found, after: Conversation): void {
  sql.run(
    "UPDATE conversations SET updated_at = ?, expires_at = ?, revision = ? WHERE number = ?",
    after.updatedAtMs,
    after.expiresAtMs ?? null,
    after.revision,
    number,
  );
  sql.run(
    "UPDATE conversation_records SET title = ?, record = ? WHERE number = ?",
    ...recordColumns(seal, after),
    number,
  );
  if (seal) return;
  if (after.metadata !== before.metadata) {
    sql.run("DELETE FROM conversation_metadata WHERE conversation = ?", number);
    writeMetadata(sql, number, after.metadata);
  }
  setTitleWords(sql, number, after, before.title);
}

function recordColumns(
  seal: Seal | undefined,
  { title, context, metadata, lineage }: Conversation,
): [SqlValue, SqlValue] {
  const text = JSON.stringify({ title, context, metadata, lineage } satisfies Record);
  return seal ? [null, seal.close("record", text)] : [foldedTitle(title), text];
}
