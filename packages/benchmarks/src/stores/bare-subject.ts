import { join } from "node:path";
import type { OpenSubject } from "./subject.js";

/** One table of messages and one of sessions, and nothing around them: what the driver and the disk take of each append. */
export const bareSubject: OpenSubject = async (folder) => {
  // Peers run in a folder of their own, where it is not installed.
  const { default: Database } = await import("libsql");
  const database = new Database(join(folder, "bench.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000");
  database.exec(
    "CREATE TABLE sessions (number INTEGER PRIMARY KEY, id TEXT UNIQUE, changed_at INTEGER, count INTEGER)",
  );
  database.exec("CREATE TABLE messages (key INTEGER PRIMARY KEY, body TEXT)");
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const made = database.prepare("INSERT INTO sessions (number, id, changed_at, count) VALUES (?, ?, 0, 0)");
  const added = database.prepare("INSERT INTO messages (key, body) VALUES (?, ?)");
  const changed = database.prepare("UPDATE sessions SET changed_at = ?, count = count + 1 WHERE number = ?");
  const all = database.prepare("SELECT body FROM messages WHERE key >= ? AND key < ? ORDER BY key");
  const places = new Map<string, { readonly number: number; count: number }>();
  const placeOf = (id: string) => places.get(id) ?? { number: 0, count: 0 };
  return {
    async create(id) {
      const number = places.size + 1;
      made.run([number, id]);
      places.set(id, { number, count: 0 });
    },
    async append(id, message) {
      const place = placeOf(id);
      begin.run([]);
      added.run([place.number * 2 ** 24 + place.count++, JSON.stringify(message)]);
      changed.run([1_700_000_000_000 + place.count, place.number]);
      commit.run([]);
    },
    async load(id) {
      const { number } = placeOf(id);
      const rows = all.all([number * 2 ** 24, (number + 1) * 2 ** 24]) as { readonly body: string }[];
      return rows.map(({ body }): unknown => JSON.parse(body));
    },
    async close() {
      database.close();
    },
  };
};
