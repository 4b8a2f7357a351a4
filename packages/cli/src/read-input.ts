import { readFile } from "node:fs/promises";
import type { Io } from "./output/io.js";
import { usageError } from "./usage-error.js";

/** The text of a file, or of the standard input for `-`. */
export async function readInput(path: string, io: Io): Promise<string> {
  if (path === "-") {
    const chunks: Uint8Array[] = [];
    for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString("utf8");
  }
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw usageError(
      `The file cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}).`,
      "Check the path.",
    );
  }
}
