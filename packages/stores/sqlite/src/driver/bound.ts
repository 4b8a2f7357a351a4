import { kindOf } from "../failure.js";
import type { Connection, SqlRow, SqlValue } from "./driver.js";

/** The part that libsql and better-sqlite3 have in common. */
export interface BoundDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): BoundStatement;
  close(): unknown;
}

interface BoundStatement {
  /** It gives rows. */
  readonly reader: boolean;
  run(parameters: unknown[]): { readonly changes: number };
  get(parameters: unknown[]): Record<string, SqlValue> | undefined;
  all(parameters: unknown[]): SqlRow[];
}

/** Ends a statement that was left begun, by repeating its call where that can write nothing. */
export type EndBegun = (repeat: () => unknown) => void;

/**
 * Made around what libsql 0.5.29 does, each seen here: it ends the process over a boolean and over a single bare buffer or
 * object, so parameters always go as one checked array; `get` after `all` on one statement answers for the parameters of
 * `all`, so each method has a statement of its own; `run` leaves a statement with rows open, and with it a transaction, so
 * that is refused; `get` adds a field `_metadata`.
 *
 * With `endBegun`: the driver leaves a statement begun that found the database locked. While it is, SQLite commits no other:
 * what is written next seems to be stored, keeps everybody else waiting, and is gone with the next transaction. Calling it again
 * ends that, which is what usually comes next; anything else has to end it first.
 */
export function boundConnection(database: BoundDatabase, endBegun?: EndBegun): Connection {
  let begun: { readonly statement: BoundStatement; readonly repeat: () => unknown } | undefined;
  const endOthers = (next?: BoundStatement): void => {
    const ended = begun;
    begun = undefined;
    if (ended && ended.statement !== next) endBegun?.(ended.repeat);
  };
  return {
    exec(sql) {
      endOthers();
      database.exec(sql);
    },
    prepare(sql) {
      const first = database.prepare(sql);
      const statementFor: { run?: BoundStatement; get?: BoundStatement; all?: BoundStatement } = {};
      let isFirstTaken = false;
      const own = (method: "run" | "get" | "all"): BoundStatement => {
        const known = statementFor[method];
        if (known) return known;
        const made = isFirstTaken ? database.prepare(sql) : first;
        isFirstTaken = true;
        if (method === "run" && made.reader) throw new TypeError("A statement that gives rows must be read, not run.");
        statementFor[method] = made;
        return made;
      };
      return {
        run(parameters) {
          const statement = own("run");
          const values = bindable(parameters);
          endOthers(statement);
          try {
            return statement.run(values).changes;
          } catch (error) {
            if (kindOf(error) === "busy") begun = { statement, repeat: () => statement.run(values) };
            throw error;
          }
        },
        get(parameters) {
          endOthers();
          const row = own("get").get(bindable(parameters));
          if (row && "_metadata" in row) delete row["_metadata"];
          return row;
        },
        all(parameters) {
          endOthers();
          return own("all").all(bindable(parameters));
        },
      };
    },
    close() {
      endOthers();
      database.close();
    },
  };
}

/** In place where it must: the array is made for each call. */
function bindable(parameters: readonly SqlValue[]): unknown[] {
  const values = parameters as unknown[];
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (typeof value === "string" || typeof value === "number" || value === null || typeof value === "bigint") continue;
    if (!(value instanceof Uint8Array)) throw new TypeError(`A ${typeof value} cannot be bound to a statement.`);
    if (!Buffer.isBuffer(value)) values[index] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return values;
}
