import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

const createMode = { file: 0o600, folder: 0o700 };

/**
 * Makes a missing file, empty, readable by its owner alone; SQLite gives its -wal and -shm files the same mode. An existing
 * file keeps its mode. An empty file is a database without tables to SQLite, so processes may race here.
 */
export function ensureFile(path: string): void {
  ensureFolder(dirname(path));
  unlessItExists(() => closeSync(openSync(path, "wx", createMode.file)));
  // SQLite would open a file that it may only read, and fail at the first write.
  accessSync(path, constants.R_OK | constants.W_OK);
}

/** Not by `recursive`: Node 20 never returns from it where the system answers that the parent, which exists, does not (/proc). */
function ensureFolder(path: string): void {
  if (existsSync(path)) return;
  if (path !== dirname(path)) ensureFolder(dirname(path));
  unlessItExists(() => mkdirSync(path, { mode: createMode.folder }));
}

function unlessItExists(make: () => void): void {
  try {
    make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
