import { type BoundDatabase, boundConnection } from "./bound.js";
import type { Driver } from "./driver.js";

/** SQLite as a prebuilt binary from the package registry: no compiler, no script. Undefined where it has none. */
export async function libsql(): Promise<Driver | undefined> {
  try {
    const { default: Database } = (await import("libsql")) as unknown as {
      default: new (path: string) => BoundDatabase;
    };
    return { name: "libsql", open: (path) => boundConnection(new Database(path)) };
  } catch {
    return undefined;
  }
}
