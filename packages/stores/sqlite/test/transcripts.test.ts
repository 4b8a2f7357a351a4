import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TranscriptStore } from "@colloquy/core";
import { describe, expect, test } from "vitest";
import { Database } from "../src/database.js";
import { chooseDriver } from "../src/driver/choose.js";
import { sqliteStore } from "../src/index.js";
import { settingsOf } from "../src/options.js";
import { SecretKey } from "../src/secret-key.js";
import { transcriptStore } from "../src/transcripts/transcript-store.js";
import { Upkeep } from "../src/transcripts/upkeep.js";
import { ownerWord } from "../src/transcripts/word-index.js";
import { scratchFolder } from "./scratch.js";

const atMs = 1;
const message = (id: string, content = `Text of ${id}`) => ({ id, role: "user" as const, content, atMs });

/** Transcripts on a database whose pragmas the test may set. */
async function openDatabase(): Promise<{ readonly database: Database; readonly transcripts: TranscriptStore }> {
  const database = new Database(settingsOf({ path: join(await scratchFolder(), "store.db") }, {}));
  await database.open();
  const secretKey = new SecretKey(database, undefined);
  const upkeep = new Upkeep(database, true);
  return { database, transcripts: transcriptStore(database, { secretKey, hasSecret: false, upkeep }) };
}

async function scratchStore(options: { readonly secretKey?: string } = {}): Promise<string> {
  const path = join(await scratchFolder(), "store.db");
  const store = sqliteStore({ path, ...options });
  await store.open();
  await store.transcripts.create({ id: "cnv_1", createdAtMs: 0, isEncrypted: options.secretKey !== undefined });
  await store.transcripts.append("cnv_1", [message("msg_1"), message("msg_2")], { atMs });
  await store.close();
  return path;
}

describe("transcripts when something is wrong with the file", () => {
  test("say that the disk is full, lose nothing acknowledged, and go on when there is room again", async () => {
    const { database, transcripts } = await openDatabase();
    await transcripts.create({ id: "cnv_1", createdAtMs: 0 });
    await database.read((sql) => sql.get("PRAGMA max_page_count = 120"));
    const acknowledged: string[] = [];
    const fill = async (): Promise<void> => {
      for (let number = 1; number < 2_000; number++) {
        await transcripts.append("cnv_1", [message(`msg_${number}`, "x".repeat(3_000))], { atMs });
        acknowledged.push(`msg_${number}`);
      }
    };
    const failure = await fill().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "STORE_UNAVAILABLE",
      retryable: true,
      message: expect.stringContaining("no room"),
    });
    await database.read((sql) => sql.get("PRAGMA max_page_count = 100000"));
    const { messages } = await transcripts.page("cnv_1", { limit: 10_000 });
    expect(messages.map(({ id }) => id)).toEqual(acknowledged);
    expect((await transcripts.get("cnv_1"))?.messageCount).toBe(acknowledged.length);
    expect(await transcripts.append("cnv_1", [message("later")], { atMs })).toMatchObject([
      { seq: acknowledged.length + 1 },
    ]);
    await database.close();
  });

  test("say that the file cannot be written, and can still be read", async () => {
    const { database, transcripts } = await openDatabase();
    await transcripts.create({ id: "cnv_1", createdAtMs: 0 });
    await transcripts.append("cnv_1", [message("msg_1")], { atMs });
    await database.read((sql) => sql.script("PRAGMA query_only = ON"));
    await expect(transcripts.append("cnv_1", [message("msg_2")], { atMs })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      retryable: false,
      userAction: expect.stringContaining("write permission"),
    });
    expect((await transcripts.page("cnv_1")).messages).toHaveLength(1);
    await database.read((sql) => sql.script("PRAGMA query_only = OFF"));
    await database.close();
  });

  test("say that a row is damaged, without quoting it, and give what lies beyond it", async () => {
    const path = await scratchStore();
    const connection = (await chooseDriver()).open(path);
    connection.exec("UPDATE messages SET body = 'made-up private text' WHERE id = 'msg_1'");
    connection.close();
    const store = sqliteStore(path);
    await store.open();
    const failure = await store.transcripts.page("cnv_1").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "STORE_CORRUPT" });
    expect(`${String(failure)} ${String((failure as Error).cause)}`).not.toContain("private");
    expect((await store.transcripts.page("cnv_1", { after: 1 })).messages).toMatchObject([{ id: "msg_2" }]);
    await store.close();
  });

  test("are set aside with a damaged file only when that was asked for, and it is said where to", async () => {
    const path = await scratchStore();
    await writeFile(path, "This is no longer a database. ".repeat(500));
    await expect(sqliteStore(path).open()).rejects.toMatchObject({ message: expect.stringContaining("left as it is") });
    const store = sqliteStore({ path, corruptFile: "quarantine", clock: { now: () => 0 } });
    const away = `${path}.corrupt-1970-01-01T000000.000Z`;
    await expect(store.open()).rejects.toMatchObject({ code: "STORE_CORRUPT", message: expect.stringContaining(away) });
    expect(await readFile(away, "utf8")).toContain("no longer a database");
    expect(existsSync(path)).toBe(false);
    await store.open();
    expect((await store.transcripts.list()).conversations).toEqual([]);
    await store.close();
    expect(readdirSync(join(path, "..")).filter((name) => name.includes("corrupt"))).toContain(away.split("/").at(-1));
  });
});

describe("an encrypted conversation", () => {
  test("is told apart from a missing one when its key is missing or another one", async () => {
    const path = await scratchStore({ secretKey: "made-up key" });
    for (const secretKey of [undefined, "another made-up key"]) {
      const store = sqliteStore({ path, ...(secretKey === undefined ? {} : { secretKey }) });
      await store.open();
      const { transcripts } = store;
      const refused = { code: "SECRET_UNREADABLE" };
      await expect(transcripts.get("cnv_1")).rejects.toMatchObject(refused);
      await expect(transcripts.page("cnv_1")).rejects.toMatchObject(refused);
      await expect(transcripts.append("cnv_1", [message("msg_3")], { atMs })).rejects.toMatchObject(refused);
      expect(await transcripts.get("cnv_2")).toBeUndefined();
      await store.close();
    }
    const store = sqliteStore({ path, secretKey: "made-up key" });
    await store.open();
    expect(await store.transcripts.get("cnv_1")).toMatchObject({ messageCount: 2, lastSeq: 2 });
    await store.close();
  });

  test("does not open what was moved into it from another place", async () => {
    const path = await scratchStore({ secretKey: "made-up key" });
    const connection = (await chooseDriver()).open(path);
    connection.exec("UPDATE messages SET body = (SELECT body FROM messages WHERE id = 'msg_2') WHERE id = 'msg_1'");
    connection.close();
    const store = sqliteStore({ path, secretKey: "made-up key" });
    await store.open();
    await expect(store.transcripts.message("cnv_1", "msg_1")).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
    expect(await store.transcripts.message("cnv_1", "msg_2")).toMatchObject({ content: "Text of msg_2" });
    await store.close();
  });
});

test("a message that one process left to the next search is found by another process's search", async () => {
  const path = join(await scratchFolder(), "store.db");
  const [later, atOnce] = [sqliteStore({ path, searchIndex: "on_search" }), sqliteStore(path)];
  await later.open();
  await atOnce.open();
  await later.transcripts.create({ id: "cnv_1", createdAtMs: 0, ownerId: "ann" });
  await later.transcripts.append("cnv_1", [message("msg_1", "Zebras"), message("msg_2", "zèbres")], { atMs });
  await atOnce.transcripts.append("cnv_1", [message("msg_3", "zebras")], { atMs });
  const found = async (text: string) =>
    (await atOnce.transcripts.search({ text, ownerId: "ann" })).map((hit) => hit.message?.seq);
  expect(new Set(await found("zebras"))).toEqual(new Set([1, 3]));
  expect(await found("zebres")).toEqual([2]);
  await later.transcripts.copy("cnv_1", { id: "cnv_2", atMs });
  expect((await later.transcripts.search({ text: "zebres OR zebras" })).length).toBe(0);
  expect((await later.transcripts.search({ text: "zebr*", conversationId: "cnv_2" })).length).toBe(3);
  await later.close();
  await atOnce.close();
});

test("a search never finds what stands in the index for an owner, which is a word too", async () => {
  const store = sqliteStore(join(await scratchFolder(), "store.db"));
  await store.open();
  await store.transcripts.create({ id: "cnv_1", createdAtMs: 0, ownerId: "ann" });
  await store.transcripts.append("cnv_1", [message("msg_1", "Ferries and otters")], { atMs });
  const found = async (text: string) => (await store.transcripts.search({ text })).map((hit) => hit.message?.seq);
  const word = ownerWord("ann");
  // SQLite takes some characters for spaces that are letters, or become some, elsewhere.
  const start = `${word.slice(0, 5)}*`;
  const asked = [word, start, `"ferries and ${word}"`, `\u19c0${word}`, `\u19c0${start}`, `\ufc5e${start}`];
  for (const text of asked) expect(await found(text), text).toEqual([]);
  expect([await found("o*"), await found("otters"), await found("ferries ott*")]).toEqual([[1], [1], [1]]);
  await store.close();
});
