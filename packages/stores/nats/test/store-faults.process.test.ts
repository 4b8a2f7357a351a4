import { newSnapshot, type OutboxRow, type SessionRecord } from "@colloquy/core";
import { natsServer } from "@colloquy/emulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { type NatsStoreOptions, natsStore } from "../src/index.js";
import { expectKept, Writer } from "./children/writers.js";
import { hasNatsServer, messagesOf } from "./support/nats-place.js";

const newRecord = (id: string, epoch = 1): Omit<SessionRecord, "revision"> => ({
  ...{ id, providerId: "example", settings: {}, lifecycle: newSnapshot(0), epoch },
  ...{ createdAtMs: 0, updatedAtMs: 0 },
});

const newRow = (sessionId: string, id: string, text = "canary text"): Omit<OutboxRow, "seq"> => ({
  ...({ sessionId, id, state: "queued", priority: "normal", acceptedAtMs: 0 } as const),
  message: { id, to: "+15550100", text },
});

async function serverFor(options: Parameters<typeof natsServer>[0] = {}) {
  const server = await natsServer({ jetStream: true, ...options });
  onTestFinished(() => server.close());
  return server;
}

describe.skipIf(!hasNatsServer)("the NATS store", () => {
  test("keeps every acknowledged write when the server is killed and comes back, and when the writer is killed", async () => {
    const server = await serverFor();
    const script = new URL("children/write-until-killed.ts", import.meta.url);
    const writer = new Writer(script, [server.url, "kept", "ses_1"]);
    for (let round = 0; round < 2; round++) {
      await writer.saysMore(150);
      await server.kill();
      await server.restart();
    }
    await writer.saysMore(100);
    await writer.kill();
    const store = natsStore({ servers: server.url, prefix: "kept" });
    await store.open();
    await expectKept(store, "ses_1", writer.said);
    await store.close();
  });

  test("fails within its time while the server is away, and works again by itself", async () => {
    const server = await serverFor({ user: "made-up", password: "p@ss word" });
    const store = natsStore({ servers: server.url, timeoutMs: 500 });
    await store.open();
    await store.records.create(newRecord("ses_1"), []);
    await server.kill();
    const failed = { code: "STORE_UNAVAILABLE", retryable: true };
    const beganMs = performance.now();
    await expect(store.records.get("ses_1")).rejects.toMatchObject(failed);
    expect(performance.now() - beganMs).toBeLessThan(1_500);
    const lost = await store.outbox.add([newRow("ses_1", "msg_1")]).catch((error: unknown) => error);
    expect(lost).toMatchObject(failed);
    expect(JSON.stringify(lost) + String((lost as Error).cause)).not.toMatch(/canary|p@ss/);
    await server.restart();
    await expect.poll(() => store.records.get("ses_1").catch(() => undefined), { timeout: 8_000 }).toBeDefined();
    expect(await store.outbox.list("ses_1"), "nothing that failed happens later").toEqual([]);
    await store.close();
    await expect(natsStore({ servers: "127.0.0.1:1", timeoutMs: 200 }).open()).rejects.toMatchObject(failed);
    await expect(
      natsStore({ servers: `nats://127.0.0.1:${server.port}`, timeoutMs: 2_000 }).open(),
    ).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: false });
  });

  test("says at its opening what the server lacks", async () => {
    const plain = await serverFor({ jetStream: false });
    await expect(natsStore({ servers: plain.url }).open()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const server = await serverFor();
    const lines: string[] = [];
    const store = natsStore({ servers: server.url, logger: { log: (_level, event) => void lines.push(event) } });
    await store.open();
    expect(lines).toEqual(["store.one_copy"]);
    await store.close();
    await expect(natsStore({ servers: server.url, prefix: "three", replicas: 3 }).open()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
  });

  test("refuses the writers of an epoch that is over from the moment that the record has a newer one", async () => {
    const server = await serverFor();
    const [one, other] = [1, 2].map(() => natsStore({ servers: server.url }));
    if (!one || !other) throw new Error("There are two.");
    await Promise.all([one.open(), other.open()]);
    const record = await one.records.create(newRecord("ses_1", 3), []);
    const ids = Array.from({ length: 40 }, (_, number) => `msg_${number}`);
    await one.outbox.add(ids.map((id) => newRow("ses_1", id)));
    const moves = Promise.all(ids.map((id) => one.outbox.move("ses_1", id, ["queued"], { state: "sending" }, 3)));
    await other.records.save({ ...record, epoch: 4 }, []);
    const sending = (await other.outbox.count("ses_1")).sending;
    await moves;
    expect((await other.outbox.count("ses_1")).sending).toBe(sending);
    await Promise.all([one.close(), other.close()]);
  });

  test("folds a long history into one state, and keeps nothing of sent texts and old secrets then", async () => {
    const server = await serverFor();
    const make = (more: Partial<NatsStoreOptions> = {}) =>
      natsStore({ servers: server.url, prefix: "folded", ...more });
    const store = make();
    await store.open();
    await store.records.create(newRecord("ses_1"), []);
    await store.secrets.put("ses_1", { session_key: "canary secret" });
    await store.secrets.put("ses_1", { session_key: "another" });
    // One that needs parts, and then so much that all is folded.
    for (const [id, size] of [
      ["msg_1", 1_500_000],
      ["msg_2", 10],
      ["msg_3", 900_000],
    ] as const) {
      await store.outbox.add([newRow("ses_1", id, "canary text".repeat(size / 10))]);
      await store.outbox.move("ses_1", id, ["queued"], { state: "sent", settledAtMs: 5 });
    }
    await store.outbox.add([newRow("ses_1", "msg_4", "y".repeat(70_000))]);
    const bytes = Buffer.concat(await messagesOf(server, "folded"));
    expect(bytes.includes("canary")).toBe(false);
    expect(bytes.length).toBeLessThan(400_000);
    const again = make();
    await again.open();
    expect((await again.outbox.list("ses_1")).map(({ id, state }) => `${id} ${state}`)).toEqual([
      ...["msg_1 sent", "msg_2 sent", "msg_3 sent"],
      "msg_4 queued",
    ]);
    await again.close();
    const withKey = make({ secretKey: "made-up key" });
    await withKey.open();
    expect(await withKey.secrets.get("ses_1")).toEqual({ session_key: "another" });
    expect(Buffer.concat(await messagesOf(server, "folded")).includes("another")).toBe(false);
    await expect(store.secrets.get("ses_1")).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
    await Promise.all([store.close(), withKey.close()]);
  });
});
