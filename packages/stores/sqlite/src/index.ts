export type { DriverName } from "./driver/driver.js";
export type { SqliteStoreOptions } from "./options.js";
export { sqliteStore } from "./sqlite-store.js";
