import { accessSync, constants, statSync } from "node:fs";
import { isColloquyError, type Store } from "@colloquy/core";
import { exitCodeOf } from "../exit-codes.js";
import { isFile, shownLocation } from "../open-store.js";
import { type Finding, fail, ok, warn } from "./finding.js";

const shortestGoodKeyLength = 16;

/** Opens the store, which makes or migrates it, and looks whether its secrets can be read. */
export async function checkStore(store: Store, path: string): Promise<readonly Finding[]> {
  try {
    await store.open();
    if (isFile(path)) accessSync(path, constants.R_OK | constants.W_OK);
    const { records } = await store.records.list({ limit: 1 });
    for (const { id } of records) await store.secrets.get(id);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    const doNext =
      (isColloquyError(error) ? error.userAction : undefined) ??
      "Check the path and its permissions, or choose another with --store.";
    return [fail("store", says, doNext, exitCodeOf(error))];
  }
  if (!isFile(path)) return [ok("store", `${shownLocation(path)} answers (${store.manifest.name})`)];
  return [ok("store", `${path} can be read and written (driver ${driverName()})`), filePermissions(path)];
}

/** The store takes what Node brings, and a library where it brings nothing. */
function driverName(): string {
  return process.getBuiltinModule?.("node:sqlite") === undefined ? "libsql or better-sqlite3" : "node:sqlite";
}

function filePermissions(path: string): Finding {
  const others = statSync(path).mode & 0o077;
  if (process.platform === "win32" || others === 0) return ok("store file", "is readable by its owner alone");
  return warn("store file", "can be read by other users of this machine", `Run: chmod 600 ${path}`);
}

export function checkSecretKey(secretKey: string | undefined): Finding {
  const name = "COLLOQUY_SECRET_KEY";
  if (!secretKey)
    return warn(
      name,
      "is not set, so session keys are stored as they are",
      `Set ${name} to a long random text, and keep it.`,
    );
  if (secretKey.length < shortestGoodKeyLength)
    return warn(name, `has only ${secretKey.length} characters`, "Use a longer random text for a new store.");
  return ok(name, "is set: session keys are stored encrypted");
}
