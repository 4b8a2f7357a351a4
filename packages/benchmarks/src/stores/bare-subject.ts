import { join } from "node:path";
import type { OpenSubject, StoreSubject } from "./subject.js";
import type { BenchMessage } from "./workload.js";

/** Of a session: its number, and how many messages it has as far as this process knows. */
interface Place {
  readonly number: number;
  count: number;
}

interface Asked {
  readonly id: string;
  readonly message: BenchMessage;
  readonly done: () => void;
}

/**
 * One table of messages and one of sessions, and nothing around them: what the driver and the disk take of each append. With full
 * durability everything that is asked for in one turn of the event loop goes into one transaction.
 */
const bareSubject = async (folder: string, durability: "NORMAL" | "FULL"): Promise<StoreSubject> => {
  // Peers run in a folder of their own, where it is not installed.
  const { default: Database } = await import("libsql");
  const database = new Database(join(folder, "bench.db"));
  // First of all, for several processes: it is their only way to wait, and the event loop stands still.
  database.exec("PRAGMA busy_timeout = 5000");
  // The log as long as ours, so that it is moved as seldom.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 10000");
  database.exec(`PRAGMA synchronous = ${durability}`);
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
  const addOne = (id: string, message: BenchMessage): void => {
    let place = places.get(id) ?? read(id);
    if (!add(place, message)) {
      // Another process was there first.
      place = read(id);
      add(place, message);
    }
    place.count++;
    changed.run([message.atMs, place.number]);
  };
  let asked: Asked[] = [];
  const ask = (one: Asked): void => {
    if (asked.push(one) > 1) return;
    setImmediate(() => {
      const group = asked;
      asked = [];
      begin.run([]);
      for (const { id, message } of group) addOne(id, message);
      commit.run([]);
      for (const { done } of group) done();
    });
  };
  return {
    async create(id) {
      made.run([id]);
    },
    async append(id, message) {
      if (durability === "FULL") {
        await new Promise<void>((done) => ask({ id, message, done }));
      } else {
        begin.run([]);
        addOne(id, message);
        commit.run([]);
      }
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

export const bareSubjects: Readonly<Record<string, OpenSubject>> = {
  "libsql alone": (folder) => bareSubject(folder, "NORMAL"),
  "libsql alone, full durability": (folder) => bareSubject(folder, "FULL"),
};
