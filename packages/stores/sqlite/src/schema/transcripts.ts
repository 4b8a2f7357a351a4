/**
 * A message's key is its conversation's number, shifted by 24 bits, and its place in it: so messages lie together in the
 * order of reading, and one tree holds them. The words of a title stand under place 0.
 */
export const transcriptsStep = `
  -- What each append changes. What it does not change lies apart, so that an append costs the same with any context.
  CREATE TABLE conversations (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner_id TEXT,
    session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER,
    revision INTEGER NOT NULL,
    message_count INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    key_id TEXT,
    key_salt BLOB
  );
  CREATE INDEX conversations_changed ON conversations (updated_at, id);
  CREATE INDEX conversations_of_owner ON conversations (owner_id, updated_at, id) WHERE owner_id IS NOT NULL;
  CREATE INDEX conversations_of_session ON conversations (session_id) WHERE session_id IS NOT NULL;
  CREATE INDEX conversations_due ON conversations (expires_at) WHERE expires_at IS NOT NULL;

  -- The title in lower case, to look for; absent when the record is encrypted.
  CREATE TABLE conversation_records (number INTEGER PRIMARY KEY, title TEXT, record BLOB NOT NULL);

  -- One row for each value under its dotted path. Bytes stand for what is neither text nor number.
  CREATE TABLE conversation_metadata (
    conversation INTEGER NOT NULL,
    path TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (conversation, path, value)
  ) WITHOUT ROWID;
  CREATE INDEX conversation_metadata_values ON conversation_metadata (path, value, conversation);

  -- words: NULL where there are none to find, 0 yet to be indexed, 1 indexed as the content stands, 2 indexed otherwise.
  CREATE TABLE messages (
    key INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    id TEXT NOT NULL,
    words INTEGER,
    body BLOB NOT NULL
  );
  CREATE UNIQUE INDEX messages_by_id ON messages (conversation, id);
  CREATE INDEX messages_to_index ON messages (key) WHERE words = 0;

  CREATE TABLE append_operations (
    conversation INTEGER NOT NULL,
    id TEXT NOT NULL,
    digest BLOB NOT NULL,
    message_ids TEXT NOT NULL,
    PRIMARY KEY (conversation, id)
  ) WITHOUT ROWID;

  -- Without the texts themselves, which the messages have.
  CREATE VIRTUAL TABLE transcript_words USING fts5 (
    owner, title, content, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );

  CREATE TRIGGER conversation_removed AFTER DELETE ON conversations BEGIN
    DELETE FROM conversation_records WHERE number = old.number;
    DELETE FROM conversation_metadata WHERE conversation = old.number;
    DELETE FROM append_operations WHERE conversation = old.number;
    DELETE FROM messages WHERE key >= old.number << 24 AND key < (old.number + 1) << 24;
    DELETE FROM transcript_words WHERE rowid >= old.number << 24 AND rowid < (old.number + 1) << 24;
  END;
`;
