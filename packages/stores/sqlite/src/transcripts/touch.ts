import type { Sql } from "../sql.js";
import type { End } from "./ends.js";

/** What an append or a change leaves in the row of the conversation. */
export interface Touch {
  readonly atMs: number;
  readonly lastSeq?: number;
  /** May be negative. */
  readonly addedCount?: number;
  readonly revisionCount?: number;
}

const moved =
  "UPDATE conversations SET updated_at = max(updated_at, ?), last_seq = coalesce(?, last_seq), message_count = message_count + ?, revision = revision + ?";
const usual = `${moved} WHERE number = ? AND moved = 1 AND (behind = 1 OR key_id IS NOT NULL)`;
const first = `${moved}, moved = 1, behind = key_id IS NULL WHERE number = ?`;

/**
 * Two statements, because SQLite writes the entry of an index anew also when it stays the same: the marks are set only where
 * they are not.
 */
export function touch(sql: Sql, number: number, given: Touch): void {
  const { atMs, lastSeq = null, addedCount = 0, revisionCount = 0 } = given;
  if (sql.run(usual, atMs, lastSeq, addedCount, revisionCount, number) === 0)
    sql.run(first, atMs, lastSeq, addedCount, revisionCount, number);
}

const atEnd =
  "UPDATE conversations SET updated_at = max(updated_at, ?), last_seq = last_seq + 1, message_count = message_count + 1";
const where = "WHERE number = ? AND birth = ? AND last_seq = ? AND key_id IS NULL";
const usualAtEnd = `${atEnd} ${where} AND moved = 1 AND behind = 1`;
const firstAtEnd = `${atEnd}, moved = 1, behind = 1 ${where}`;

/**
 * For one message at the end that is supposed. False, with nothing written, where the conversation ends elsewhere. `round` tells
 * which of the two statements to begin with.
 */
export function touchEnd(sql: Sql, end: End, atMs: number, round: number): boolean {
  const { number, birth, lastSeq } = end;
  if (end.markedRound === round && sql.run(usualAtEnd, atMs, number, birth, lastSeq) > 0) return true;
  if (sql.run(firstAtEnd, atMs, number, birth, lastSeq) === 0) return false;
  end.markedRound = round;
  return true;
}
