import { createRequire } from "node:module";
import { type BoundDatabase, boundConnection } from "./bound.js";
import type { Driver } from "./driver.js";

/**
 * Whether this release of better-sqlite3 can be loaded by this Node. It must be known before loading: 13 on Node 20 ends
 * the process with a segmentation fault, which nothing can catch.
 */
export function fitsNode(driverVersion: string, nodeVersion: string): boolean {
  const driver = Number.parseInt(driverVersion, 10);
  const node = Number.parseInt(nodeVersion, 10);
  if (driver === 12) return node >= 20;
  return driver >= 13 && node >= 22;
}

/** Only when the application has installed it. Undefined when it is absent, does not fit this Node, or was not built. */
export function betterSqlite3(): Driver | undefined {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require("better-sqlite3/package.json") as { version: string };
    if (!fitsNode(version, process.versions.node)) return undefined;
    const Database = require("better-sqlite3") as new (path: string) => BoundDatabase;
    return { name: "better-sqlite3", open: (path) => boundConnection(new Database(path)) };
  } catch {
    return undefined;
  }
}
