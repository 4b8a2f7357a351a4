import { ColloquyError } from "@colloquy/core/contract";
import { appendCostStep } from "./schema/append-cost.js";
import { arrivalOrderStep } from "./schema/arrival-order.js";
import { arrivalsStep } from "./schema/arrivals.js";
import { asksStep } from "./schema/asks.js";
import { transcriptsStep } from "./schema/transcripts.js";
import type { Sql } from "./sql.js";

/** Marks a file as ours in its header: "clqy". */
const applicationId = 0x636c7179;

/**
 * One step per schema version, in order. A published step is never changed: a new one is added below it.
 * Ids, states and times that queries look at are columns; the rest of a row is one JSON text.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- Rows of JSON are too large for WITHOUT ROWID, which suits rows of up to about a twentieth of a page.
  CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    provider_id TEXT NOT NULL,
    remote_id TEXT,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX sessions_newest ON sessions (created_at, id);
  CREATE INDEX sessions_newest_of_provider ON sessions (provider_id, created_at, id);

  CREATE TABLE log (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (session_id, seq)
  );

  CREATE TABLE outbox (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    settled_at INTEGER,
    message TEXT NOT NULL,
    PRIMARY KEY (session_id, seq),
    UNIQUE (session_id, id)
  );
  CREATE INDEX outbox_settled ON outbox (session_id, settled_at) WHERE settled_at IS NOT NULL;
  CREATE INDEX outbox_by_state ON outbox (session_id, state, seq);

  -- A handled row keeps its occurrence id, to know it again, and loses its event.
  CREATE TABLE inbox (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    occurrence_id TEXT NOT NULL,
    event TEXT,
    PRIMARY KEY (session_id, seq),
    UNIQUE (session_id, occurrence_id)
  );
  CREATE INDEX inbox_pending ON inbox (session_id, seq) WHERE event IS NOT NULL;

  CREATE TABLE secrets (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    cipher TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (session_id, name)
  ) WITHOUT ROWID;
  `,
  `
  -- The network's key of a sent message, under which events name it.
  ALTER TABLE outbox ADD COLUMN message_key TEXT;
  CREATE INDEX outbox_by_key ON outbox (session_id, message_key, seq) WHERE message_key IS NOT NULL;
  `,
  `
  -- A row stays when its lease ends, for its epoch. An offer was given back, and is kept for its owner until then.
  CREATE TABLE leases (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    until INTEGER NOT NULL,
    is_offer INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX leases_of_owner ON leases (owner, is_offer, until);

  CREATE TABLE members (
    owner TEXT NOT NULL PRIMARY KEY,
    joined_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    details TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE INDEX outbox_queued ON outbox (session_id) WHERE state = 'queued';
  `,
  asksStep,
  transcriptsStep,
  appendCostStep,
  arrivalsStep,
  arrivalOrderStep,
];

/** Refuses, before anything is written, a file of a newer version of this package and a database of somebody else. */
export function checkOwnership(path: string, sql: Sql): void {
  const version = pragma(sql, "user_version");
  const owner = pragma(sql, "application_id");
  const isEmpty = sql.get("SELECT count(*) AS count FROM sqlite_master")?.["count"] === 0;
  if (owner !== applicationId && !(isEmpty && owner === 0 && version === 0))
    throw new ColloquyError({
      code: "CONFIG_INVALID",
      message: `${path} is a SQLite database of another application. It was left as it is.`,
      userAction: "Give `sqliteStore` a path of its own.",
    });
  if (version > steps.length)
    throw new ColloquyError({
      code: "STORE_SCHEMA_NEWER",
      message: `The store ${path} has schema version ${version}; this version of @colloquy/store-sqlite knows up to ${steps.length}. It was left as it is.`,
    });
}

/** Takes the missing steps. To be called in a writing transaction: another process may be migrating the same file. */
export function migrate(sql: Sql): void {
  const version = pragma(sql, "user_version");
  if (version >= steps.length) return;
  for (const step of steps.slice(version)) sql.script(step);
  sql.script(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length};`);
}

function pragma(sql: Sql, name: "user_version" | "application_id"): number {
  return Number(sql.get(`PRAGMA ${name}`)?.[name] ?? 0);
}
