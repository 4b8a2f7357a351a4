import { createHash } from "node:crypto";
import {
  type AppendOptions,
  canonicalText,
  checkId,
  checkInstant,
  checkMessages,
  conversationConflict,
  copiedMessageRow,
  type NewTranscriptMessage,
  type TranscriptMessage,
} from "@colloquy/core";
import type { Database } from "../database.js";
import type { SqlRow } from "../driver/driver.js";
import type { Sql } from "../sql.js";
import { appendOne, type Row } from "./append-one.js";
import { appendAny } from "./append-rows.js";
import { placeArrivals } from "./arrivals.js";
import type { Shelf } from "./conversation-row.js";
import { findMessage } from "./message-ids.js";
import { messageText, type OwnMessage, openMessage } from "./message-row.js";

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
  const digest = operationId === undefined ? undefined : createHash("sha256").update(canonicalText(given)).digest();
  const rows = given.map((one): Row => {
    // The id of the conversation is not written with each message: what the key says is set when it is read.
    const message: OwnMessage = copiedMessageRow("", 0, one);
    const text = messageText(message);
    message.conversationId = id;
    return { message, text };
  });

  const bytes = rows.reduce((sum, { text }) => sum + text.length, 0);
  const [first] = rows;
  const single = rows.length === 1 ? first : undefined;
  const isPlain = operationId === undefined;

  const one = (sql: Sql): readonly TranscriptMessage[] | undefined => {
    const message = single && appendOne(sql, shelf, id, single, atMs);
    if (message) shelf.upkeep.note(1, bytes, shelf.ends.position);
    return message && [message];
  };
  const any = (sql: Sql): readonly TranscriptMessage[] => {
    const known = isPlain ? undefined : knownOperation(sql, id, operationId);
    if (known && digest && !digest.equals(known.digest))
      throw conversationConflict(id, `knows operation ${operationId} with other messages`);
    if (known) return readAgain(sql, shelf, id, known.messageIds);

    if (single) shelf.ends.learn(sql, id);
    const arrived = one(sql);
    const stored = arrived ?? appendAny(sql, shelf, id, rows, atMs);
    if (!arrived) shelf.upkeep.note(rows.length, bytes);
    if (!isPlain && digest)
      sql.run(
        "INSERT INTO append_operations (conversation, id, digest, message_ids) SELECT number, ?, ?, ? FROM conversations WHERE id = ?",
        operationId,
        digest,
        JSON.stringify(rows.map(({ message: { id: messageId } }) => messageId)),
        id,
      );
    return stored;
  };
  return isPlain ? database.writeAlone(one, any) : database.write(any);
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
  placeArrivals(sql, row["number"] as number);
  return ids.flatMap((messageId) => {
    const found = findMessage(sql, row["number"] as number, messageId);
    return found ? [openMessage(shelf.path, id, seal, found)] : [];
  });
}
