import { join } from "node:path";
import type { OpenSubject } from "./subject.js";
import type { BenchMessage } from "./workload.js";

/** Of a session: its number, and how many messages it has as far as this process knows. */
interface Place {
  readonly number: number;
  count: number;
}

/** One table of messages and one of sessions, and nothing around them: what the driver and the disk take of each append. */
export const bareSubject: OpenSubject = async (folder) => {
  // Peers run in a folder of their own, where it is not installed.
  const { default: Database } = await import("libsql");
  const database = new Database(join(folder, "bench.db"));
  // First of all, for several processes: it is their only way to wait, and the event loop stands still.
  database.exec("PRAGMA busy_timeout = 5000");
  // The log as long as ours, so that it is moved as seldom.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 10000");
  database.exec(
    "CREATE TABLE IF NOT EXISTS sessions (number INTEGER PRIMARY KEY, id TEXT UNIQUE, changed_at INTEGER, count INTEGER)",
  );
  database.exec("CREATE TABLE IF NOT EXISTS messages (key INTEGER PRIMARY KEY, body TEXT)");
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const made = database.prepare("INSERT INTO sessions (id, changed_at, count) VALUES (?, 0, 0)");
  const found = database.prepare("SELECT number, count FROM sessions WHERE id = ?");
  const added = database.prepare("INSERT OR IGNORE INTO messages (key, body) VALUES (?, ?)");
  const changed = database.prepare("UPDATE sessions SET changed_at = ?, count = count + 1 WHERE number = ?");
  const all = database.prepare("SELECT body FROM messages WHERE key >= ? AND key < ? ORDER BY key");
  const places = new Map<string, Place>();
  const read = (id: string): Place => {
    const { number, count } = found.get([id]) as Place;
    const place = { number, count };
    places.set(id, place);
    return place;
  };
  const add = (place: Place, message: BenchMessage): boolean =>
    added.run([place.number * 2 ** 24 + place.count, JSON.stringify(message)]).changes > 0;
  return {
    async create(id) {
      made.run([id]);
    },
    async append(id, message) {
      begin.run([]);
      let place = places.get(id) ?? read(id);
      if (!add(place, message)) {
        // Another process was there first.
        place = read(id);
        add(place, message);
      }
      place.count++;
      changed.run([message.atMs, place.number]);
      commit.run([]);
    },
    async load(id) {
      const { number } = read(id);
      const rows = all.all([number * 2 ** 24, (number + 1) * 2 ** 24]) as { readonly body: string }[];
      return rows.map(({ body }): unknown => JSON.parse(body));
    },
    async close() {
      // Closing alone leaves the log, which would count as bytes of messages.
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      database.close();
    },
  };
};
