import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isColloquyError } from "@colloquy/core/contract";
import { type ImportOptions, importConversation } from "./import-file.js";

/** What became of one file. */
export type FolderEntry =
  | { readonly file: string; readonly outcome: "imported" | "kept"; readonly id: string; readonly messageCount: number }
  | { readonly file: string; readonly outcome: "failed"; readonly code: string; readonly message: string };

export interface FolderReport {
  readonly importedCount: number;
  /** The store had them already. */
  readonly keptCount: number;
  readonly failedCount: number;
  /** Every file that could not be imported, and why. */
  readonly failures: readonly Extract<FolderEntry, { readonly outcome: "failed" }>[];
}

export interface FolderOptions extends Omit<ImportOptions, "policy"> {
  /** Default `keep`, so that an import that was broken off can be made again. */
  readonly policy?: ImportOptions["policy"];
  /** Told after each file. */
  readonly onEntry?: (entry: FolderEntry) => void;
}

/**
 * Imports every session of an Oblix folder, usually `~/.oblix/sessions`. A file that cannot be read is told in the report and
 * stops no other. Nothing in the folder is changed.
 */
export async function importOblixFolder(
  conversations: Parameters<typeof importConversation>[0],
  path: string,
  { policy = "keep", onEntry, ...options }: FolderOptions = {},
): Promise<FolderReport> {
  const entries = await readdir(path, { withFileTypes: true });
  // Only files that stand here: a link could lead anywhere.
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json")).map(({ name }) => name);
  const failures: Extract<FolderEntry, { readonly outcome: "failed" }>[] = [];
  let importedCount = 0;
  let keptCount = 0;
  for (const file of files.toSorted()) {
    const entry = await entryOf(conversations, join(path, file), file, { policy, ...options });
    if (entry.outcome === "failed") failures.push(entry);
    else if (entry.outcome === "imported") importedCount++;
    else keptCount++;
    onEntry?.(entry);
  }
  return { importedCount, keptCount, failedCount: failures.length, failures };
}

async function entryOf(
  conversations: Parameters<typeof importConversation>[0],
  path: string,
  file: string,
  options: ImportOptions,
): Promise<FolderEntry> {
  try {
    const { id, isNew, messageCount } = await importConversation(conversations, path, options);
    return { file, outcome: isNew ? "imported" : "kept", id, messageCount };
  } catch (error) {
    // What the store cannot do it cannot do for the next file either.
    if (!isColloquyError(error) || (error.category === "store" && error.code !== "STORE_SCHEMA_NEWER")) throw error;
    return { file, outcome: "failed", code: error.code, message: error.message };
  }
}
