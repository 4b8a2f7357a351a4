import { conversationNotFound } from "@colloquy/core";
import type { Sql } from "../sql.js";
import { placeArrivals } from "./arrivals.js";
import type { Shelf } from "./conversation-row.js";
import type { Seal } from "./vault.js";
import type { IndexedConversation } from "./word-index.js";

/** Of a conversation, what a change of its messages needs. */
export interface Place {
  readonly number: number;
  readonly seal: Seal | undefined;
  readonly revision: number;
  readonly words: IndexedConversation;
}

/** Without its record, and with all that arrived for it in its place. Throws `SESSION_NOT_FOUND`. */
export function needPlace(sql: Sql, { vault }: Shelf, id: string): Place {
  const row = sql.get(
    "SELECT number, owner_id, revision, indexed_seq, key_id, key_salt FROM conversations WHERE id = ?",
    id,
  );
  if (!row) throw conversationNotFound(id);
  const number = row["number"] as number;
  placeArrivals(sql, number);
  return {
    number,
    seal: vault.sealOf(id, row),
    revision: row["revision"] as number,
    words: { ownerId: (row["owner_id"] ?? undefined) as string | undefined, indexedSeq: row["indexed_seq"] as number },
  };
}
