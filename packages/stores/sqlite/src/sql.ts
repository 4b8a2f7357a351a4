import type { Connection, SqlRow, SqlValue, Statement } from "./driver/driver.js";

/**
 * SQL by text: each text is prepared once per connection. So texts must be few, and values always be bound: by plain `?`,
 * because the drivers disagree on numbered ones.
 */
export class Sql {
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  /** Of transactions. What is remembered of the file may be wrong after one. */
  rollbackCount = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** How many rows changed. */
  run(text: string, ...parameters: SqlValue[]): number {
    return this.#statement(text).run(parameters);
  }

  get(text: string, ...parameters: SqlValue[]): SqlRow | undefined {
    return this.#statement(text).get(parameters);
  }

  all(text: string, ...parameters: SqlValue[]): readonly SqlRow[] {
    return this.#statement(text).all(parameters);
  }

  /** Several statements at once, without parameters. */
  script(text: string): void {
    this.#connection.exec(text);
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #statement(text: string): Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#connection.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}
