import type { Driver, SqlRow, SqlValue } from "./driver.js";

interface NodeStatement {
  run(...parameters: SqlValue[]): { readonly changes: number | bigint };
  get(...parameters: SqlValue[]): SqlRow | undefined;
  all(...parameters: SqlValue[]): readonly SqlRow[];
}

interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
  ) => { exec(sql: string): void; prepare(sql: string): NodeStatement; close(): void };
}

/** SQLite inside the runtime: Node from 22.13, Bun, Deno. Undefined elsewhere. */
export function nodeSqlite(): Driver | undefined {
  const builtin = withoutItsWarning(() => process.getBuiltinModule?.("node:sqlite")) as NodeSqlite | undefined;
  if (!builtin) return undefined;
  return {
    name: "node:sqlite",
    open(path) {
      const database = new builtin.DatabaseSync(path);
      return {
        exec: (sql) => database.exec(sql),
        prepare(sql) {
          const statement = database.prepare(sql);
          return {
            run: (parameters) => Number(statement.run(...parameters).changes),
            get: (parameters) => statement.get(...parameters),
            all: (parameters) => statement.all(...parameters),
          };
        },
        close: () => database.close(),
      };
    },
  };
}

/** Node 22 warns that SQLite is experimental when it is first loaded. Only that one warning is held back. */
function withoutItsWarning<T>(load: () => T): T {
  const before = Object.getOwnPropertyDescriptor(process, "emitWarning");
  const warn = process.emitWarning.bind(process) as (...warning: unknown[]) => void;
  process.emitWarning = (...warning: unknown[]): void => {
    const [message, kind] = warning;
    if (kind !== "ExperimentalWarning" || !String(message).includes("SQLite")) warn(...warning);
  };
  try {
    return load();
  } finally {
    if (before) Object.defineProperty(process, "emitWarning", before);
  }
}
