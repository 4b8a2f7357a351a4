// Opens a store as a user who may not write it.
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isColloquyError } from "@colloquy/core/contract";
import { sqliteStore } from "../../src/index.js";
import { say } from "./say.js";

const [path = ""] = process.argv.slice(2);
const nobody = 65_534;
// Loaded first, because that user may not read this package either.
const store = sqliteStore(path);
if (process.getuid?.() === 0) {
  const warm = sqliteStore(join(tmpdir(), `colloquy-sqlite-warm-${process.pid}`, "store.db"));
  await warm.open();
  await warm.close();
  await rm(join(tmpdir(), `colloquy-sqlite-warm-${process.pid}`), { recursive: true });
  process.setgid?.(nobody);
  process.setuid?.(nobody);
}
try {
  await store.open();
  say({ code: "opened" });
} catch (error) {
  if (!isColloquyError(error)) throw error;
  say({ code: error.code, message: error.message, userAction: error.userAction });
}
