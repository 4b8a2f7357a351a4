import type { Connection, SqlRow, SqlValue } from "./driver.js";

/** The part that libsql and better-sqlite3 have in common. */
export interface BoundDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): BoundStatement;
  close(): unknown;
}

interface BoundStatement {
  run(parameters: unknown[]): { readonly changes: number };
  get(parameters: unknown[]): Record<string, SqlValue> | undefined;
  all(parameters: unknown[]): SqlRow[];
}

/**
 * Parameters always go as one array: libsql ends the process over a single bare buffer or object. Bytes go as a `Buffer`,
 * the one kind both drivers take. `_metadata` is a field of libsql's own in what `get` gives.
 */
export function boundConnection(database: BoundDatabase): Connection {
  return {
    exec: (sql) => void database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        run: (parameters) => statement.run(bindable(parameters)).changes,
        get(parameters) {
          const row = statement.get(bindable(parameters));
          if (row && "_metadata" in row) delete row["_metadata"];
          return row;
        },
        all: (parameters) => statement.all(bindable(parameters)),
      };
    },
    close: () => void database.close(),
  };
}

function bindable(parameters: readonly SqlValue[]): unknown[] {
  return parameters.map((value) => {
    if (value instanceof Uint8Array) return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
    throw new TypeError(`A ${typeof value} cannot be bound to a statement.`);
  });
}
