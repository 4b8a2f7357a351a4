import { createHash } from "node:crypto";
import {
  type AppendOptions,
  canonicalText,
  checkId,
  checkInstant,
  checkMessages,
  conversationConflict,
  conversationNotFound,
  type NewTranscriptMessage,
  type TranscriptMessage,
} from "@colloquy/core";
import type { Database } from "../database.js";
import type { SqlRow, SqlValue } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import type { Shelf } from "./conversation-row.js";
import { closeMessage, messageOf, messageText, openMessage } from "./message-row.js";
import { checkRoom, keyOf } from "./places.js";
import type { Seal } from "./vault.js";
import type { WordState } from "./word-index.js";

const insert =
  "INSERT INTO messages (key, conversation, id, words, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

// One statement finds the conversation and moves it: nothing is written where it is encrypted and cannot be opened.
const advance =
  "UPDATE conversations SET last_seq = last_seq + ?, message_count = message_count + ?, updated_at = max(updated_at, ?) WHERE id = ? AND (key_id IS NULL OR key_id = ?) AND last_seq < 16777216 - ? RETURNING number, last_seq, owner_id, key_id, key_salt";

export function appendMessages(
  database: Database,
  shelf: Shelf,
  id: string,
  given: readonly NewTranscriptMessage[],
  { atMs, operationId }: AppendOptions,
): Promise<readonly TranscriptMessage[]> {
  checkMessages(given);
  checkInstant("atMs", atMs);
  if (operationId !== undefined) checkId("an operation", operationId);
  const { path, vault, words } = shelf;
  const digest = operationId === undefined ? undefined : createHash("sha256").update(canonicalText(given)).digest();
  // Written now, so that what the caller does to it later does not matter.
  const rows = given.map((message) => {
    const { id: messageId, status = "complete", content } = message;
    return { id: messageId, status, content, text: messageText({ ...message, status, revision: 1 }) };
  });

  return database.write((sql) => {
    const known = operationId === undefined ? undefined : knownOperation(sql, id, operationId);
    if (known && digest && !digest.equals(known.digest))
      throw conversationConflict(id, `knows operation ${operationId} with other messages`);
    if (known) return readAgain(sql, shelf, id, known.messageIds);

    const count = rows.length;
    const row = sql.get(advance, count, count, atMs, id, vault.keyId, count);
    if (!row) throw refusal(sql, shelf, id);
    const seal = vault.sealOf(id, row);
    const number = row["number"] as number;
    const ownerId = (row["owner_id"] as string | null) ?? undefined;
    const lastSeq = row["last_seq"] as number;
    let seq = lastSeq - count;
    const stored = rows.map(({ text, ...message }) => {
      const place = seq + 1;
      const key = keyOf(number, place);
      const state: WordState = seal ? null : words.stateOf(message);
      const isNew = sql.run(insert, key, number, message.id, state, closeMessage(seal, place, text)) > 0;
      if (!isNew) return readOne(sql, shelf, id, number, seal, message.id);
      if (state === 1 || state === 2) words.addNow(sql, key, ownerId, message.content);
      seq = place;
      return messageOf(path, id, place, text);
    });
    if (seq !== lastSeq)
      sql.run(
        "UPDATE conversations SET last_seq = ?, message_count = message_count - ? WHERE number = ?",
        seq,
        lastSeq - seq,
        number,
      );
    if (operationId !== undefined && digest)
      sql.run(
        "INSERT INTO append_operations (conversation, id, digest, message_ids) VALUES (?, ?, ?, ?)",
        number,
        operationId,
        digest,
        JSON.stringify(rows.map((message) => message.id)),
      );
    return stored;
  });
}

function refusal(sql: Sql, { vault }: Shelf, id: string): Error {
  const row = sql.get("SELECT last_seq, key_id, key_salt FROM conversations WHERE id = ?", id);
  if (!row) return conversationNotFound(id);
  vault.sealOf(id, row);
  checkRoom(id, Number.POSITIVE_INFINITY);
  return conversationConflict(id, "has no room");
}

function knownOperation(
  sql: Sql,
  id: string,
  operationId: string,
): { readonly digest: Uint8Array; readonly messageIds: readonly string[] } | undefined {
  const row = sql.get(
    "SELECT o.digest, o.message_ids FROM conversations c JOIN append_operations o ON o.conversation = c.number AND o.id = ? WHERE c.id = ?",
    operationId,
    id,
  );
  return (
    row && {
      digest: new Uint8Array(row["digest"] as Uint8Array),
      messageIds: JSON.parse(row["message_ids"] as string) as readonly string[],
    }
  );
}

/** The rows of a repeated operation that are still there. */
function readAgain(sql: Sql, shelf: Shelf, id: string, ids: readonly string[]): readonly TranscriptMessage[] {
  const row = sql.get("SELECT number, key_id, key_salt FROM conversations WHERE id = ?", id) as SqlRow;
  const seal = shelf.vault.sealOf(id, row);
  return ids.flatMap((messageId) => {
    const found = findMessage(sql, row["number"] as number, messageId);
    return found ? [openMessage(shelf.path, id, seal, found)] : [];
  });
}

function readOne(
  sql: Sql,
  { path }: Shelf,
  id: string,
  number: number,
  seal: Seal | undefined,
  messageId: string,
): TranscriptMessage {
  return openMessage(path, id, seal, findMessage(sql, number, messageId) as SqlRow);
}

export function findMessage(sql: Sql, number: number, messageId: SqlValue): SqlRow | undefined {
  return sql.get("SELECT key, words, body FROM messages WHERE conversation = ? AND id = ?", number, messageId);
}
