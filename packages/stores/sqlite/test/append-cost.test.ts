import { join } from "node:path";
import type { StoreWithTranscripts } from "@colloquy/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseDriver } from "../src/driver/choose.js";
import { type SqliteStoreOptions, sqliteStore } from "../src/index.js";
import { scratchFolder } from "./scratch.js";

const message = (id: string, content = `Text of ${id}`) => ({ id, role: "user" as const, content, atMs: 1 });

async function opened(options: SqliteStoreOptions): Promise<StoreWithTranscripts> {
  const store = sqliteStore(options);
  await store.open();
  onTestFinished(() => store.close());
  return store;
}

/** Two openings of one file, as two processes have them. */
async function two(): Promise<readonly [StoreWithTranscripts["transcripts"], StoreWithTranscripts["transcripts"]]> {
  const path = join(await scratchFolder(), "store.db");
  const [one, other] = [await opened({ path }), await opened({ path })];
  return [one.transcripts, other.transcripts];
}

describe("the end of a conversation that a process remembers", () => {
  test("does not hide what another process has written beyond it", async () => {
    const [one, other] = await two();
    await one.create({ id: "cnv_1", createdAtMs: 0 });
    for (let number = 1; number <= 90; number += 3) {
      await one.append("cnv_1", [message(`msg_${number}`)], { atMs: number });
      await one.append("cnv_1", [message(`msg_${number + 1}`)], { atMs: number });
      const again = await other.append("cnv_1", [message(`msg_${number + 1}`, "other")], { atMs: number });
      expect(again).toMatchObject([{ seq: number + 1, content: `Text of msg_${number + 1}` }]);
      await other.append("cnv_1", [message(`msg_${number + 2}`)], { atMs: number });
      expect(await one.append("cnv_1", [message(`msg_${number + 2}`)], { atMs: number })).toMatchObject([
        { seq: number + 2 },
      ]);
    }
    for (const seq of [1, 30, 57, 58, 59, 90])
      expect(await one.append("cnv_1", [message(`msg_${seq}`, "other")], { atMs: 1 })).toMatchObject([
        { seq, content: `Text of msg_${seq}` },
      ]);
    expect(await other.get("cnv_1")).toMatchObject({ messageCount: 90, lastSeq: 90 });
    expect((await other.page("cnv_1")).messages.map(({ id }) => id)).toEqual(
      Array.from({ length: 90 }, (_, index) => `msg_${index + 1}`),
    );
  });

  test("is not taken for that of a conversation made anew under the same id and number", async () => {
    const [one, other] = await two();
    await one.create({ id: "cnv_1", createdAtMs: 0 });
    await one.append("cnv_1", [message("msg_1")], { atMs: 1 });
    await other.remove("cnv_1");
    await other.create({ id: "cnv_1", createdAtMs: 0 });
    await other.append("cnv_1", [message("msg_2")], { atMs: 1 });
    expect(await one.append("cnv_1", [message("msg_2")], { atMs: 1 })).toMatchObject([{ seq: 1 }]);
    expect(await one.append("cnv_1", [message("msg_1")], { atMs: 1 })).toMatchObject([{ seq: 2 }]);
    expect((await one.page("cnv_1")).messages.map(({ id }) => id)).toEqual(["msg_2", "msg_1"]);
    await other.remove("cnv_1");
    await expect(one.append("cnv_1", [message("msg_3")], { atMs: 1 })).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
  });

  test("lets a removed id come again, with a number of its own", async () => {
    const [one] = await two();
    await one.create({ id: "cnv_1", createdAtMs: 0 });
    for (let number = 1; number <= 40; number++)
      await one.append("cnv_1", [message(`msg_${number}`)], { atMs: number });
    await one.removeMessages("cnv_1", ["msg_3", "msg_40"], { atMs: 50 });
    for (const [index, id] of ["msg_3", "msg_40", "msg_3"].entries())
      expect(await one.append("cnv_1", [message(id)], { atMs: 60 })).toMatchObject([
        { seq: index === 2 ? 41 : 41 + index },
      ]);
    expect((await one.message("cnv_1", "msg_3"))?.seq).toBe(41);
  });
});

describe("a page of a conversation", () => {
  test("is whole and in order where messages are long, were removed, or are very many", async () => {
    const [one] = await two();
    await one.create({ id: "cnv_1", createdAtMs: 0 });
    const messages = Array.from({ length: 700 }, (_, index) =>
      message(`msg_${index + 1}`, index % 100 === 7 ? "x".repeat(150_000) : `Text ${index + 1}`),
    );
    await one.append("cnv_1", messages, { atMs: 1 });
    await one.removeMessages("cnv_1", ["msg_1", "msg_300", "msg_301", "msg_700"], { atMs: 2 });
    const kept = messages.filter(({ id }) => !["msg_1", "msg_300", "msg_301", "msg_700"].includes(id));
    for (const from of ["oldest", "newest"] as const) {
      const { messages: read, cursor } = await one.page("cnv_1", { from, limit: 1_000 });
      expect(read.map(({ id, content }) => [id, content])).toEqual(kept.map(({ id, content }) => [id, content]));
      expect(read.map(({ seq }) => `msg_${seq}`)).toEqual(kept.map(({ id }) => id));
      expect(cursor).toBeUndefined();
    }
    const part = await one.page("cnv_1", { from: "newest", after: 302, limit: 2 });
    expect([part.messages.map(({ seq }) => seq), part.cursor]).toEqual([[298, 299], 298]);
  });
});

describe("the list of conversations", () => {
  test("has each in its place, few or many of them moved, also in a file that cannot be written", async () => {
    const path = join(await scratchFolder(), "store.db");
    const { transcripts } = await opened({ path });
    const locked = await opened({ path, busyTimeoutMs: 0 });
    const count = 450;
    for (let number = 0; number < count; number++)
      await transcripts.create({ id: `cnv_${number}`, createdAtMs: number, ...(number % 2 ? { ownerId: "ann" } : {}) });
    const moved = async (most: number): Promise<void> => {
      for (let number = 0; number < most; number++)
        await transcripts.append(`cnv_${number}`, [message("msg_1"), message(`msg_${most}`)], {
          atMs: 10_000 + most - number,
        });
    };
    const expected = (most: number, isOwned = false): readonly string[] =>
      [
        ...Array.from({ length: most }, (_, index) => index),
        ...Array.from({ length: count - most }, (_, index) => count - 1 - index),
      ]
        .filter((number) => !isOwned || number % 2 === 1)
        .map((number) => `cnv_${number}`);
    const listed = async (ownerId?: string): Promise<readonly string[]> => {
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const page = await transcripts.list({
          limit: 170,
          ...(after === undefined ? {} : { after }),
          ...(ownerId ? { ownerId } : {}),
        });
        ids.push(...page.conversations.map(({ id }) => id));
        after = page.cursor;
      } while (after !== undefined);
      return ids;
    };
    await moved(20);
    expect(await listed()).toEqual(expected(20));
    await moved(300);
    const holder = (await chooseDriver()).open(path);
    holder.exec("BEGIN IMMEDIATE");
    expect((await locked.transcripts.list({ limit: 1_000 })).conversations.map(({ id }) => id)).toEqual(expected(300));
    holder.exec("ROLLBACK");
    holder.close();
    expect(await listed()).toEqual(expected(300));
    expect(await listed("ann")).toEqual(expected(300, true));
    await moved(420);
    expect(await listed("ann")).toEqual(expected(420, true));
    expect((await transcripts.sweep({ nowMs: 0, untouchedSinceMs: 10_001, limit: 1_000 })).removed).toHaveLength(30);
  });
});
