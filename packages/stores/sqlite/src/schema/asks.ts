/** Questions and the names under which their answers find them. */
export const asksStep = `
  CREATE TABLE asks (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    is_delivered INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    ask TEXT NOT NULL
  );
  CREATE INDEX asks_of_session ON asks (session_id, state, seq);
  CREATE INDEX asks_by_state ON asks (state, seq);
  CREATE INDEX asks_due ON asks (deadline) WHERE state IN ('queued', 'asking', 'pending');

  CREATE TABLE ask_keys (
    key TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES asks (seq) ON DELETE CASCADE,
    PRIMARY KEY (key, seq)
  ) WITHOUT ROWID;
  CREATE INDEX ask_keys_of_ask ON ask_keys (seq);
`;
