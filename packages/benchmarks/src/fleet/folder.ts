import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A database of its own, gone afterwards. */
export async function withFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "colloquy-fleet-"));
  try {
    await work(join(folder, "store.db"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
