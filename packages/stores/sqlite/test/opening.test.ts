import { existsSync } from "node:fs";
import { mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newSnapshot } from "@colloquy/core";
import { describe, expect, test } from "vitest";
import { Database } from "../src/database.js";
import { chooseDriver } from "../src/driver/choose.js";
import { sqliteStore } from "../src/index.js";
import { settingsOf } from "../src/options.js";
import { scratchFolder } from "./scratch.js";

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

/** A database made by hand, as another program or another version would leave it. */
async function databaseWith(script: string): Promise<string> {
  const path = join(await scratchFolder(), "other.db");
  await writeFile(path, "");
  const connection = (await chooseDriver()).open(path);
  connection.exec(script);
  connection.close();
  return path;
}

async function openedAndClosed(path: string): Promise<void> {
  const store = sqliteStore(path);
  await store.open();
  await store.records.create(
    {
      id: "ses_1",
      providerId: "example",
      settings: {},
      lifecycle: newSnapshot(0),
      epoch: 1,
      createdAtMs: 0,
      updatedAtMs: 0,
    },
    [],
  );
  await store.close();
}

describe("opening a SQLite store", () => {
  test("makes the file, and the folders above it, for their owner alone", async () => {
    const folder = join(await scratchFolder(), "deeper", "still");
    const path = join(folder, "store.db");
    const store = sqliteStore(path);
    await store.open();
    await store.records.list();
    expect(await modeOf(folder)).toBe("700");
    for (const suffix of ["", "-wal", "-shm"]) expect(await modeOf(path + suffix), suffix).toBe("600");
    await store.close();
  });

  test("leaves the mode of an existing file as it is", async () => {
    const path = join(await scratchFolder(), "store.db");
    await writeFile(path, "", { mode: 0o640 });
    await openedAndClosed(path);
    expect(await modeOf(path)).toBe("640");
  });

  test("leaves everything in the one file after closing: the write-ahead log is gone or empty", async () => {
    const path = join(await scratchFolder(), "store.db");
    await openedAndClosed(path);
    // libsql lets go of the file only when its statements are collected, so an empty log may stay.
    if (existsSync(`${path}-wal`)) expect((await stat(`${path}-wal`)).size).toBe(0);
    const store = sqliteStore(path);
    await store.open();
    expect((await store.records.list()).records).toHaveLength(1);
    await store.close();
  });

  test("can be done again after closing, with the same store", async () => {
    const path = join(await scratchFolder(), "store.db");
    const store = sqliteStore(path);
    for (let round = 0; round < 2; round++) {
      await store.open();
      expect((await store.records.list()).records).toEqual([]);
      await store.close();
    }
  });

  test("finishes writes under way before it closes", async () => {
    const path = join(await scratchFolder(), "store.db");
    await openedAndClosed(path);
    const store = sqliteStore(path);
    await store.open();
    const put = store.outbox.add([
      {
        sessionId: "ses_1",
        id: "msg_1",
        state: "queued",
        message: { to: "+15550100", text: "Hello" },
        priority: "normal",
        acceptedAtMs: 0,
      },
    ]);
    await store.close();
    await put;
    await store.open();
    expect((await store.outbox.count("ses_1")).queued).toBe(1);
    await store.close();
  });

  for (const [durability, synchronous] of [
    ["normal", 1],
    ["full", 2],
  ] as const)
    test(`sets what durability "${durability}" needs`, async () => {
      const database = new Database(settingsOf({ path: join(await scratchFolder(), "store.db"), durability }, {}));
      await database.open();
      const pragma = (name: string): Promise<unknown> =>
        database.read((sql) => Object.values(sql.get(`PRAGMA ${name}`) ?? {})[0]);
      expect([
        await pragma("synchronous"),
        await pragma("journal_mode"),
        await pragma("foreign_keys"),
        await pragma("busy_timeout"),
      ]).toEqual([synchronous, "wal", 1, 0]);
      await database.close();
    });
});

describe("a file that cannot be opened", () => {
  const cases: Readonly<Record<string, (folder: string) => Promise<string>>> = {
    "is a folder": async (folder) => {
      await mkdir(join(folder, "store.db"));
      return join(folder, "store.db");
    },
    "is below a file": async (folder) => {
      await writeFile(join(folder, "file"), "");
      return join(folder, "file", "store.db");
    },
    "is where nothing can be made": async () => "/proc/colloquy/store.db",
  };
  for (const [what, make] of Object.entries(cases))
    test(`gives STORE_UNAVAILABLE with a hint when it ${what}, and may be tried again`, async () => {
      const store = sqliteStore(await make(await scratchFolder()));
      for (let attempt = 0; attempt < 2; attempt++)
        await expect(store.open()).rejects.toMatchObject({
          code: "STORE_UNAVAILABLE",
          userAction: expect.stringContaining("Check that the path names a file"),
        });
      await expect(store.records.list()).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining("is not open"),
      });
      await store.close();
    });
});

describe("a file that is no store of ours", () => {
  for (const [what, text] of Object.entries({
    "a text": "This is not a database. ".repeat(500),
    "a short text": "oops",
    "a page of zeros": "\0".repeat(4_096),
  }))
    test(`gives STORE_CORRUPT when it holds ${what}, and is left as it is`, async () => {
      const path = join(await scratchFolder(), "store.db");
      await writeFile(path, text);
      await expect(sqliteStore(path).open()).rejects.toMatchObject({
        code: "STORE_CORRUPT",
        message: expect.stringContaining(path),
        userAction: expect.stringContaining("backup"),
      });
      expect(await readFile(path, "utf8")).toBe(text);
    });

  test("gives CONFIG_INVALID when another application made it, and is left as it is", async () => {
    for (const script of [
      "CREATE TABLE recipes (name TEXT)",
      "PRAGMA application_id = 77",
      "PRAGMA user_version = 1",
    ]) {
      const path = await databaseWith(script);
      const before = await readFile(path);
      await expect(sqliteStore(path).open(), script).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("another application"),
      });
      expect(before.equals(await readFile(path)), script).toBe(true);
    }
  });

  test("gives STORE_SCHEMA_NEWER when a newer version made it, and is left as it is", async () => {
    const path = await databaseWith(
      "CREATE TABLE sessions (id TEXT); PRAGMA application_id = 1668051321; PRAGMA user_version = 99;",
    );
    const before = await readFile(path);
    await expect(sqliteStore(path).open()).rejects.toMatchObject({
      code: "STORE_SCHEMA_NEWER",
      message: expect.stringContaining("99"),
    });
    expect(before.equals(await readFile(path))).toBe(true);
  });

  test("gives STORE_CORRUPT when it is cut short, and is not made longer again", async () => {
    const path = join(await scratchFolder(), "store.db");
    await openedAndClosed(path);
    await truncate(path, 9_000);
    const store = sqliteStore(path);
    const everything = async (): Promise<void> => {
      await store.open();
      await store.records.list();
      await store.outbox.list("ses_1");
    };
    await expect(everything()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    await store.close();
    expect((await stat(path)).size).toBeLessThanOrEqual(9_000);
  });

  test("gives STORE_CORRUPT for a row that is not JSON, without quoting it", async () => {
    const path = join(await scratchFolder(), "store.db");
    await openedAndClosed(path);
    const connection = (await chooseDriver()).open(path);
    connection.exec("UPDATE sessions SET record = 'made-up private text'");
    connection.close();
    const store = sqliteStore(path);
    await store.open();
    const failure = await store.records.get("ses_1").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "STORE_CORRUPT" });
    expect(`${String(failure)} ${String((failure as Error).cause)}`).not.toContain("private");
    await store.close();
  });
});
