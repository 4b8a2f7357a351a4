import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sqliteStore } from "../src/index.js";
import { startChild } from "./children/children.js";
import { scratchFolder } from "./scratch.js";

async function closedStore(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await scratchFolder();
  const path = join(folder, "store.db");
  const store = sqliteStore(path);
  await store.open();
  await store.close();
  // Empty by now; under libsql they stay until its statements are collected.
  for (const suffix of ["-wal", "-shm"]) await rm(path + suffix, { force: true });
  return { folder, path };
}

async function openedAsNobody(path: string): Promise<unknown> {
  const child = startChild("open-as-nobody", [path]);
  expect(await child.ended, child.errors()).toEqual({ code: 0, signal: null });
  return JSON.parse(child.lines[0] ?? "null");
}

test("says that a file which may be read but not written cannot be written", async () => {
  const { folder, path } = await closedStore();
  await chmod(path, 0o444);
  await chmod(folder, 0o777);
  expect(await openedAsNobody(path)).toMatchObject({
    code: "STORE_UNAVAILABLE",
    message: expect.stringContaining("cannot be written"),
    userAction: expect.stringContaining("write permission"),
  });
});

test("says that a file of somebody else cannot be opened", async () => {
  const { folder, path } = await closedStore();
  await chmod(folder, 0o755);
  await chmod(path, 0o600);
  const outcome = await openedAsNobody(path);
  // Without root the test cannot become another user, and the owner may open it.
  const expected = process.getuid?.() === 0 ? "STORE_UNAVAILABLE" : "opened";
  expect(outcome).toMatchObject({ code: expected });
});
