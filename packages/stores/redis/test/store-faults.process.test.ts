import { newSnapshot, type OutboxRow, type SessionRecord } from "@colloquy/core";
import { Cluster } from "ioredis";
import { describe, expect, test } from "vitest";
import { redisStore } from "../src/index.js";
import { expectKept, Writer } from "./children/writers.js";
import { placeOn } from "./support/redis-place.js";
import { freePort, RedisServer, redisServerFile } from "./support/redis-server.js";

const newRecord = (id: string, createdAtMs = 0): Omit<SessionRecord, "revision"> => ({
  ...{ id, providerId: "example", settings: {}, lifecycle: newSnapshot(0), epoch: 1 },
  ...{ createdAtMs, updatedAtMs: 0 },
});

const newRow = (sessionId: string, id: string): Omit<OutboxRow, "seq"> => ({
  ...({ sessionId, id, state: "queued", priority: "normal", acceptedAtMs: 0 } as const),
  message: { id, to: "+15550100", text: "canary text" },
});

describe.skipIf(redisServerFile === undefined)("the Redis store", () => {
  test("keeps every acknowledged write when the server is killed and comes back, and when the writer is killed", async () => {
    const server = await RedisServer.start({ appendfsync: "everysec" });
    const writer = new Writer(new URL("children/write-until-killed.ts", import.meta.url), [
      server.url,
      "kept:",
      "ses_1",
    ]);
    for (let round = 0; round < 2; round++) {
      await writer.saysMore(150);
      await server.kill();
      await server.start();
    }
    await writer.saysMore(100);
    await writer.kill();
    const store = redisStore({ url: server.url, prefix: "kept:" });
    await store.open();
    await expectKept(store, "ses_1", writer.said);
    await store.close();
  });

  test("fails within its time while the server is away or frozen, and works again by itself", async () => {
    const server = await RedisServer.start({ appendfsync: "always" });
    const store = redisStore({ url: server.url, timeoutMs: 300 });
    await store.open();
    expect(store.manifest.durability).toBe("power");
    await store.records.create(newRecord("ses_1"), []);
    await server.kill();
    const failed = { code: "STORE_UNAVAILABLE", retryable: true };
    const beganMs = performance.now();
    await expect(store.records.get("ses_1")).rejects.toMatchObject(failed);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
    const calls = Array.from({ length: 500 }, (_, number) => store.outbox.add([newRow("ses_1", `msg_${number}`)]));
    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe("rejected");
    await server.start();
    await expect.poll(() => store.records.get("ses_1").catch(() => undefined), { timeout: 5_000 }).toBeDefined();
    expect(await store.outbox.list("ses_1"), "nothing that failed happens later").toEqual([]);
    server.freeze();
    const frozen = await store.outbox.add([newRow("ses_1", "msg_1")]).catch((error: unknown) => error);
    expect(frozen).toMatchObject({ ...failed, outcome: "unknown" });
    expect(JSON.stringify(frozen) + String((frozen as Error).cause)).not.toContain("canary");
    server.thaw();
    await expect
      .poll(() => store.outbox.add([newRow("ses_1", "msg_1")]).catch(() => []), { timeout: 5_000 })
      .toHaveLength(1);
    await store.close();
  });

  test("says at its opening what the server lacks, and refuses one that loses sessions", async () => {
    const lines: string[] = [];
    const logger = { log: (_level: string, event: string) => void lines.push(event) };
    const plain = await RedisServer.start();
    const { make } = placeOn(plain, { logger });
    const store = make();
    await store.open();
    expect([store.manifest.durability, lines]).toEqual(["none", ["store.not_durable"]]);
    await store.close();
    await plain.command("CONFIG", "SET", "maxmemory", "100mb");
    await plain.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    await expect(make().open()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await plain.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    await plain.command("CONFIG", "SET", "requirepass", "made-up");
    await expect(placeOn(plain, { timeoutMs: 300 }).make().open()).rejects.toMatchObject({
      ...{ code: "STORE_UNAVAILABLE", retryable: false },
    });
    await expect(redisStore({ url: "redis://127.0.0.1:1", timeoutMs: 200 }).open()).rejects.toMatchObject({
      ...{ code: "STORE_UNAVAILABLE", outcome: "not_attempted" },
    });
  });

  test("encrypts what is there when a key is first given, and opens secrets with no other key", async () => {
    const server = await RedisServer.start();
    const prefix = "sealed:";
    const withKey = (secretKey?: string) =>
      redisStore({ url: server.url, prefix, ...(secretKey === undefined ? {} : { secretKey }) });
    const first = withKey();
    await first.open();
    await first.records.create(newRecord("ses_1"), []);
    await first.secrets.put("ses_1", { session_key: "canary" });
    const second = withKey("made-up key");
    await second.open();
    expect(String(await server.command("HGETALL", `${prefix}{ses_1}:secrets`))).not.toContain("canary");
    expect(await second.secrets.get("ses_1")).toEqual({ session_key: "canary" });
    await expect(first.secrets.put("ses_1", { session_key: "other" })).rejects.toMatchObject({
      code: "SECRET_UNREADABLE",
    });
    const other = withKey("another key");
    await other.open();
    await expect(other.secrets.get("ses_1")).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
    await server.command("HSET", `${prefix}{*meta}`, "format", "99");
    await expect(withKey().open()).rejects.toMatchObject({ code: "STORE_SCHEMA_NEWER" });
    for (const store of [first, second, other]) await store.close();
  });

  test("repairs an order of sessions that a dying process left with too much in it", async () => {
    const server = await RedisServer.start();
    const store = redisStore({ url: server.url, prefix: "o:" });
    await store.open();
    await store.records.create(newRecord("ses_1", 5), []);
    const [member = ""] = (await server.command("ZRANGE", "o:{*sessions}:order", "0", "-1")) as string[];
    // Its record was never written; another's was removed.
    for (const left of [member.replace("ses_1", "ses_2"), member.replace(/^./, "d")])
      await server.command("ZADD", "o:{*sessions}:order", "0", left);
    await server.command("HSET", "o:{*sessions}:stamps", member.replace("ses_1", "ses_2"), "left");
    await server.command("HSET", "o:{*sessions}:stamps", member.replace(/^./, "d"), "left");
    expect((await store.records.list()).records.map(({ id }) => id)).toEqual(["ses_1"]);
    expect(await server.command("ZCARD", "o:{*sessions}:order")).toBe(1);
    await server.command("SET", "o:{ses_1}:log", "of another kind");
    await expect(store.log.read("ses_1")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    await store.close();
  });

  test("works over a cluster, where every step stays within one slot", async () => {
    // Its bus would take a port 10,000 higher, which there is not for each that is free.
    const bus = ["--cluster-port", `${await freePort()}`, "--cluster-announce-ip", "127.0.0.1"];
    const server = await RedisServer.start({
      more: ["--cluster-enabled", "yes", "--cluster-node-timeout", "500", ...bus],
    });
    await server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await expect
      .poll(async () => String(await server.command("CLUSTER", "INFO")), { timeout: 10_000 })
      .toContain("cluster_state:ok");
    await expect(redisStore({ url: server.url }).open()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const client = new Cluster([{ host: "127.0.0.1", port: server.port }]);
    const store = redisStore({ client });
    await store.open();
    for (const id of ["ses_1", "ses}2", "{ses_3"]) await store.records.create(newRecord(id), []);
    expect((await store.records.list()).records).toHaveLength(3);
    const rows = await store.outbox.add([newRow("ses_1", "msg_1"), newRow("ses}2", "msg_1"), newRow("ses_1", "msg_2")]);
    expect(rows.map(({ sessionId, seq }) => `${sessionId} ${seq}`)).toEqual(["ses_1 1", "ses}2 1", "ses_1 2"]);
    await expect(store.outbox.add([newRow("ses_1", "msg_3"), newRow("ses_gone", "msg_1")])).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
    expect(await store.outbox.count("ses_1")).toMatchObject({ queued: 2 });
    expect((await store.outbox.waiting()).toSorted()).toEqual(["ses_1", "ses}2"]);
    expect((await store.leases.acquire(["ses_1", "{ses_3"], "alpha", 60_000)).map(({ epoch }) => epoch)).toEqual([
      1, 1,
    ]);
    const { transcripts } = store;
    for (const [atMs, id] of ["a}", "{b"].entries()) {
      await transcripts.create({ id, createdAtMs: 0, ownerId: "ann", sessionId: "ses_1" });
      await transcripts.append(id, [{ id: "m1", role: "user", content: "The ferry leaves", atMs }], { atMs });
    }
    await transcripts.change("a}", "m1", { content: "The tram leaves" }, { atMs: 2 });
    await transcripts.merge(["a}", "{b"], { id: "both", atMs: 3, ownerId: "ann" });
    const listed = (await transcripts.list({ ownerId: "ann" })).conversations;
    expect(listed.map(({ id, messageCount }) => `${id} ${messageCount}`)).toEqual(["both 1", "a} 1", "{b 1"]);
    expect((await transcripts.search({ text: "ferry" })).map(({ conversation }) => conversation.id)).toEqual(["{b"]);
    for (const id of ["ses_1", "ses}2", "{ses_3"]) expect(await store.records.remove(id)).toBe(true);
    expect((await transcripts.list()).conversations.map(({ id }) => id)).toEqual(["both"]);
    expect(await store.leases.list()).toEqual([]);
    await store.close();
    expect(await client.ping()).toBe("PONG");
    client.disconnect();
  });
});
