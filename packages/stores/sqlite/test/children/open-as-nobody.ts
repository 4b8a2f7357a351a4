// Opens a store as a user who may not write it.
import { isColloquyError } from "@colloquy/core/contract";
import { sqliteStore } from "../../src/index.js";
import { say } from "./say.js";

const [path = ""] = process.argv.slice(2);
const nobody = 65_534;
// Loaded first, because that user may not read this package either.
const store = sqliteStore(path);
if (process.getuid?.() === 0) {
  await sqliteStore(`${path}.warm`).open();
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
