/**
 * New messages arrive in a small table of their own, each by one statement that changes nothing else. Together they are taken
 * to their places: so the row of a conversation, its place in the lists and the page of its newest messages change once for
 * many. What a conversation is, is its row and what has arrived for it.
 */
export const arrivalsStep = `
  CREATE TABLE arrivals (key INTEGER PRIMARY KEY, at INTEGER NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL);

  -- An append no longer moves a conversation, so the indexes by the last change have all of them again.
  DROP INDEX conversations_changed;
  DROP INDEX conversations_of_owner;
  DROP INDEX conversations_moved;
  ALTER TABLE conversations DROP COLUMN moved;
  CREATE INDEX conversations_changed ON conversations (updated_at, id);
  CREATE INDEX conversations_of_owner ON conversations (owner_id, updated_at, id) WHERE owner_id IS NOT NULL;

  DROP TRIGGER conversation_removed;
  CREATE TRIGGER conversation_removed AFTER DELETE ON conversations BEGIN
    DELETE FROM conversation_records WHERE number = old.number;
    DELETE FROM conversation_metadata WHERE conversation = old.number;
    DELETE FROM append_operations WHERE conversation = old.number;
    DELETE FROM message_ids WHERE conversation = old.number;
    DELETE FROM arrivals WHERE key >= old.number << 24 AND key < (old.number + 1) << 24;
    DELETE FROM messages WHERE key >= old.number << 24 AND key < (old.number + 1) << 24;
    DELETE FROM transcript_words WHERE rowid >= old.number << 24 AND rowid < (old.number + 1) << 24;
  END;
`;
