import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

const createMode = { file: 0o600, folder: 0o700 };

/**
 * Makes a missing file, empty, readable by its owner alone; SQLite gives its -wal and -shm files the same mode. An existing
 * file keeps its mode. An empty file is a database without tables to SQLite, so processes may race here.
 */
export function ensureFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: createMode.folder });
  try {
    closeSync(openSync(path, "wx", createMode.file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
