/**
 * Takes from each append the pages that it need not change.
 *
 * - An index by the last change moves an entry with every append. So a conversation leaves it with the first (`moved`) and comes
 *   back with others of its kind.
 * - The words of messages up to `indexed_seq` are in the index of words; `behind` says that there may be more.
 * - The ids of messages up to `named_seq` are in `message_ids`; for the few beyond, the messages themselves are looked through.
 *
 * `birth` is drawn when a conversation is made, because a number may be given again after a removal.
 */
export const appendCostStep = `
  ALTER TABLE conversations ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN indexed_seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN named_seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN birth INTEGER NOT NULL DEFAULT 0;

  DROP INDEX conversations_changed;
  DROP INDEX conversations_of_owner;
  CREATE INDEX conversations_changed ON conversations (updated_at, id) WHERE moved = 0;
  CREATE INDEX conversations_of_owner ON conversations (owner_id, updated_at, id) WHERE owner_id IS NOT NULL AND moved = 0;
  CREATE INDEX conversations_moved ON conversations (number) WHERE moved = 1;
  CREATE INDEX conversations_behind ON conversations (number) WHERE behind = 1;

  UPDATE conversations SET indexed_seq = last_seq, named_seq = last_seq;
  UPDATE conversations SET behind = 1, indexed_seq = waiting.first - 1
    FROM (SELECT conversation, min(key) & 16777215 AS first FROM messages WHERE words = 0 GROUP BY conversation) AS waiting
    WHERE number = waiting.conversation;
  -- What came into the index after the first that waits comes again, in its order.
  DELETE FROM transcript_words WHERE rowid IN (
    SELECT m.key FROM conversations c JOIN messages m
      ON m.key > (c.number << 24) + c.indexed_seq AND m.key <= (c.number << 24) + c.last_seq AND m.words > 0
      WHERE c.behind = 1
  );

  CREATE TABLE message_ids (
    conversation INTEGER NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (conversation, id)
  ) WITHOUT ROWID;
  INSERT INTO message_ids SELECT conversation, id, key & 16777215 FROM messages ORDER BY conversation, id;

  DROP TRIGGER conversation_removed;
  CREATE TABLE messages_now (key INTEGER PRIMARY KEY, id TEXT NOT NULL, body BLOB NOT NULL);
  INSERT INTO messages_now SELECT key, id, body FROM messages ORDER BY key;
  DROP TABLE messages;
  ALTER TABLE messages_now RENAME TO messages;

  CREATE TRIGGER conversation_removed AFTER DELETE ON conversations BEGIN
    DELETE FROM conversation_records WHERE number = old.number;
    DELETE FROM conversation_metadata WHERE conversation = old.number;
    DELETE FROM append_operations WHERE conversation = old.number;
    DELETE FROM message_ids WHERE conversation = old.number;
    DELETE FROM messages WHERE key >= old.number << 24 AND key < (old.number + 1) << 24;
    DELETE FROM transcript_words WHERE rowid >= old.number << 24 AND rowid < (old.number + 1) << 24;
  END;
`;
