import { ColloquyError } from "@colloquy/core/contract";
import { betterSqlite3 } from "./better-sqlite3.js";
import type { Driver, DriverName } from "./driver.js";
import { libsql } from "./libsql.js";
import { nodeSqlite } from "./node-sqlite.js";

const load: Readonly<Record<DriverName, () => Driver | undefined | Promise<Driver | undefined>>> = {
  "node:sqlite": nodeSqlite,
  libsql,
  "better-sqlite3": betterSqlite3,
};

/** In order of preference: nothing to install, nothing to compile, brought by the application. ADR 0003 says why. */
export const driverNames: readonly DriverName[] = ["node:sqlite", "libsql", "better-sqlite3"];

/** The named driver, or the first that this runtime has. Fails with `STORE_UNAVAILABLE` when there is none. */
export async function chooseDriver(wanted?: DriverName): Promise<Driver> {
  for (const name of wanted ? [wanted] : driverNames) {
    const driver = await load[name]();
    if (driver) return driver;
  }
  throw new ColloquyError({
    code: "STORE_UNAVAILABLE",
    message: wanted
      ? `The SQLite driver ${wanted} is not available in this runtime.`
      : "No SQLite driver is available in this runtime.",
    userAction:
      "Use Node 22.13 or later, or install the package `libsql` (or `better-sqlite3`: 12 on Node 20, 13 on Node 22 and later).",
    retryable: false,
  });
}
