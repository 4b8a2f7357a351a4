import type { NewTranscriptMessage } from "@colloquy/core";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type RedisStoreOptions, redisStore } from "../src/index.js";
import { RedisServer, redisServerFile } from "./support/redis-server.js";

const message = (id: string, content = `Text of ${id}`): NewTranscriptMessage => ({
  ...{ id, role: "user", content, atMs: 1 },
});

const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(({ id }) => id);

async function opened(options: RedisStoreOptions) {
  const store = redisStore(options);
  await store.open();
  onTestFinished(() => store.close());
  return store.transcripts;
}

describe.skipIf(redisServerFile === undefined)("transcripts in Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
    return () => server.end();
  });

  test("are put right by whoever meets what a dead process left half done", async () => {
    const transcripts = await opened({ url: server.url, prefix: "left:" });
    const index = "left:{*conversations}";
    const head = (id: string) => `left:{*conversation-${id}}:head`;
    for (const [number, id] of ["a", "b", "c"].entries())
      await transcripts.create({ id, createdAtMs: number, ownerId: "ann", expiresAtMs: 100 });
    // A place without its conversation; a change without its place; an expiry that was put off without its place.
    await server.command("ZADD", `${index}:order`, "9", "ghost");
    await server.command("ZADD", `${index}:owner:ann`, "9", "ghost");
    await server.command("HSET", head("a"), "updated", "50");
    await server.command("HSET", head("b"), "expires", "500");

    const first = await transcripts.list({ ownerId: "ann" });
    expect(idsOf(first.conversations), "found where it stood").toEqual(["c", "b", "a"]);
    expect(idsOf((await transcripts.list()).conversations), "and moved").toEqual(["a", "c", "b"]);
    expect(await server.command("ZSCORE", `${index}:owner:ann`, "ghost")).toBeNull();
    expect(await server.command("ZSCORE", `${index}:order`, "ghost")).toBeNull();
    expect(await transcripts.sweep({ nowMs: 200 })).toEqual({ removed: ["a", "c"], hasMore: false });
    expect(await transcripts.sweep({ nowMs: 499 })).toEqual({ removed: [], hasMore: false });
    expect(await transcripts.sweep({ nowMs: 500 })).toEqual({ removed: ["b"], hasMore: false });
    expect(await server.command("KEYS", "left:{*conversation*"), "nothing stays behind").toEqual([]);
  });

  test("copy more than one script lays out, and leave nothing of a copy whose id is taken", async () => {
    const transcripts = await opened({ url: server.url, prefix: "copy:" });
    await transcripts.create({ id: "long", createdAtMs: 0 });
    const rows = Array.from({ length: 1_201 }, (_, index) => message(`m${index}`));
    await transcripts.append("long", rows, { atMs: 1 });
    await transcripts.removeMessages("long", ["m5"], { atMs: 2 });
    expect(await transcripts.copy("long", { id: "copy", atMs: 3 })).toMatchObject({
      ...{ messageCount: 1_200, lastSeq: 1_201 },
    });
    const races = await Promise.allSettled(
      [1, 2, 3].map((atMs) => transcripts.fork("long", 700, { id: "fork", atMs })),
    );
    expect(races.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { messages } = await transcripts.page("fork", { limit: 1_000 });
    expect(messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 700 }, (_, index) => index + 1).filter((seq) => seq !== 6),
    );
    expect(await transcripts.append("copy", [message("next")], { atMs: 4 })).toMatchObject([{ seq: 1_202 }]);
    expect(await server.command("KEYS", "copy:*draft*")).toEqual([]);
    expect(await server.command("TTL", "copy:{*conversation-fork}:messages")).toBe(-1);
  });

  test("that are encrypted are unreadable without their key and with another one, and the others are not", async () => {
    const place = { url: server.url, prefix: "key:" };
    const plain = await opened(place);
    await plain.create({ id: "open", createdAtMs: 0, title: "Open" });
    await expect(plain.create({ id: "no", createdAtMs: 0, isEncrypted: true })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    const keyed = await opened({ ...place, secretKey: "made-up key" });
    await keyed.create({ id: "shut", createdAtMs: 1, isEncrypted: true, title: "Shut" });
    await keyed.append("shut", [message("m1")], { atMs: 1 });
    for (const other of [plain, await opened({ ...place, secretKey: "another key" })]) {
      const failed = { code: "SECRET_UNREADABLE" };
      await expect(other.get("shut")).rejects.toMatchObject(failed);
      await expect(other.page("shut")).rejects.toMatchObject(failed);
      await expect(other.append("shut", [message("m2")], { atMs: 1 })).rejects.toMatchObject(failed);
      await expect(other.list()).rejects.toMatchObject(failed);
      expect((await other.get("open"))?.title).toBe("Open");
      expect((await other.list({ titleContains: "open" })).conversations).toHaveLength(1);
      expect(await other.search({ text: "open" })).toHaveLength(1);
      expect(await other.search({ text: "text", conversationId: "shut" })).toEqual([]);
    }
    expect((await keyed.page("shut")).messages).toMatchObject([{ content: "Text of m1" }]);
    expect(await plain.remove("shut"), "needs no key").toBe(true);
  });
});
