/**
 * Arrivals lie in the order in which they came: the next one goes to the last page, so an append writes half as many pages as
 * into a table that is sorted by conversation, and those committed together share theirs. A round is numbered from 1 without
 * gaps, and ends when all of it is taken to its place; what goes there before stays emptied, with `key` 0. So who knows a round
 * up to some position can tell by the next one whether anybody has written since.
 *
 * What goes to its place has its id in `message_ids` at once: many together make that cheap.
 */
export const arrivalOrderStep = `
  CREATE TABLE arrival_round (number INTEGER PRIMARY KEY);
  INSERT INTO arrival_round VALUES (1);
  CREATE TABLE arrivals_now (
    position INTEGER PRIMARY KEY, key INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL
  );
  INSERT INTO arrivals_now (key, at, id, body) SELECT key, at, id, body FROM arrivals ORDER BY key;

  INSERT INTO message_ids (conversation, id, seq)
    SELECT c.number, m.id, m.key & 16777215 FROM conversations c CROSS JOIN messages m
    ON m.key > (c.number << 24) + c.named_seq AND m.key < (c.number + 1) << 24 WHERE c.named_seq < c.last_seq;
  ALTER TABLE conversations DROP COLUMN named_seq;

  DROP TRIGGER conversation_removed;
  DROP TABLE arrivals;
  ALTER TABLE arrivals_now RENAME TO arrivals;
  CREATE TRIGGER conversation_removed AFTER DELETE ON conversations BEGIN
    DELETE FROM conversation_records WHERE number = old.number;
    DELETE FROM conversation_metadata WHERE conversation = old.number;
    DELETE FROM append_operations WHERE conversation = old.number;
    DELETE FROM message_ids WHERE conversation = old.number;
    UPDATE arrivals SET key = 0, at = 0, id = '', body = '' WHERE key >> 24 = old.number;
    DELETE FROM messages WHERE key >= old.number << 24 AND key < (old.number + 1) << 24;
    DELETE FROM transcript_words WHERE rowid >= old.number << 24 AND rowid < (old.number + 1) << 24;
  END;
`;
