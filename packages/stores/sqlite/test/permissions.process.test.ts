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

const refused = {
  code: "STORE_UNAVAILABLE",
  message: expect.stringMatching(/cannot be (opened|written)/),
  userAction: expect.stringMatching(/write (permission|it)/),
};

test("says of a file which may be read but not written, already when it is opened, that it must be writable", async () => {
  const { folder, path } = await closedStore();
  await chmod(path, 0o444);
  await chmod(folder, 0o777);
  expect(await openedAsNobody(path)).toMatchObject(refused);
});

test("says the same of a folder in which SQLite cannot keep its log beside the file", async () => {
  const { folder, path } = await closedStore();
  await chmod(path, 0o666);
  await chmod(folder, 0o555);
  expect(await openedAsNobody(path)).toMatchObject(refused);
  await chmod(folder, 0o755);
});
