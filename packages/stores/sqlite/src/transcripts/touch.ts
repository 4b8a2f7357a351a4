import type { Sql } from "../sql.js";

/** What an append to its place or a change leaves in the row of the conversation. */
export interface Touch {
  readonly atMs: number;
  readonly lastSeq?: number;
  /** May be negative. */
  readonly addedCount?: number;
  readonly revisionCount?: number;
}

export function touch(sql: Sql, number: number, given: Touch): void {
  const { atMs, lastSeq = null, addedCount = 0, revisionCount = 0 } = given;
  sql.run(
    "UPDATE conversations SET updated_at = max(updated_at, ?), last_seq = coalesce(?, last_seq), message_count = message_count + ?, revision = revision + ?, behind = key_id IS NULL AND coalesce(?, last_seq) > indexed_seq WHERE number = ?",
    atMs,
    lastSeq,
    addedCount,
    revisionCount,
    lastSeq,
    number,
  );
}
