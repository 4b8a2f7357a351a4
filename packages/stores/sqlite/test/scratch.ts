import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder of its own for one test, removed when the test is finished. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "colloquy-sqlite-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** All bytes of a database: the file itself and what SQLite keeps beside it. */
export async function bytesIn(folder: string): Promise<readonly Uint8Array[]> {
  return Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
}
