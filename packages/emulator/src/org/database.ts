import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Collection, type Document } from "./collection.js";

/** The servers' database: both collections, in memory or in a file that outlives the process. */
export interface Database {
  readonly sessions: Collection;
  readonly channels: Collection;
}

/** With a file, each change is written as a whole before it is answered: what was answered is there after a kill. */
export function openDatabase(file: string | undefined): Database {
  const kept = file !== undefined && existsSync(file) ? read(file) : { sessions: [], channels: [] };
  const save = (): void => {
    if (file === undefined) return;
    const next = `${file}.next`;
    writeFileSync(next, JSON.stringify({ sessions: database.sessions.all, channels: database.channels.all }));
    renameSync(next, file);
  };
  const database: Database = {
    sessions: new Collection("session_id", kept.sessions, save),
    channels: new Collection("channel_id", kept.channels, save),
  };
  return database;
}

function read(file: string): { readonly sessions: readonly Document[]; readonly channels: readonly Document[] } {
  return JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof read>;
}
