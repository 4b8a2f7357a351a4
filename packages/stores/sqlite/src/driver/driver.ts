/** What may be bound. Never a boolean: one driver ends the process over it. */
export type SqlValue = string | number | bigint | Uint8Array | null;

export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Parameters belong to the driver once they are given. */
export interface Statement {
  /** How many rows changed. */
  run(parameters: readonly SqlValue[]): number;
  get(parameters: readonly SqlValue[]): SqlRow | undefined;
  all(parameters: readonly SqlValue[]): readonly SqlRow[];
}

export interface Connection {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export type DriverName = "node:sqlite" | "libsql" | "better-sqlite3";

/** One way to reach SQLite, synchronous throughout. */
export interface Driver {
  readonly name: DriverName;
  /** Opens an existing file. Sets nothing: every pragma is the caller's. */
  open(path: string): Connection;
}
