import { type BoundDatabase, boundConnection } from "./bound.js";
import type { Driver } from "./driver.js";

/** SQLite as a prebuilt binary from the package registry: no compiler, no script. Undefined where it has none. */
export async function libsql(): Promise<Driver | undefined> {
  try {
    const { default: Database } = (await import("libsql")) as unknown as {
      default: new (path: string) => BoundDatabase;
    };
    return {
      name: "libsql",
      open(path) {
        const database = new Database(path);
        return boundConnection(database, (repeat) => endBegun(database, repeat));
      },
    };
  } catch {
    return undefined;
  }
}

/** Where it may not write, SQLite refuses it before it does anything. */
function endBegun(database: BoundDatabase, repeat: () => unknown): void {
  database.exec("PRAGMA query_only = ON");
  try {
    repeat();
  } catch {
    // As it must.
  } finally {
    database.exec("PRAGMA query_only = OFF");
  }
}
