import type { NewTranscriptMessage } from "@colloquy/core";
import { natsServer } from "@colloquy/emulator";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type NatsStoreOptions, natsStore } from "../src/index.js";
import { hasNatsServer, messagesOf } from "./support/nats-place.js";

const message = (id: string, content = `Text of ${id}`): NewTranscriptMessage => ({
  ...{ id, role: "user", content, atMs: 1 },
});

async function opened(options: NatsStoreOptions) {
  const store = natsStore(options);
  await store.open();
  onTestFinished(() => store.close());
  return store.transcripts;
}

describe.skipIf(!hasNatsServer)("transcripts in NATS", () => {
  let server: Awaited<ReturnType<typeof natsServer>>;
  beforeAll(async () => {
    server = await natsServer({ jetStream: true });
    return () => server.close();
  });

  test("outgrow a message and are written anew while another process reads on, and leave nothing when removed", async () => {
    const place = { servers: server.url, prefix: "long" };
    const [writer, reader] = [await opened(place), await opened(place)];
    await writer.create({ id: "cnv", createdAtMs: 0, title: "canary title" });
    await writer.append("cnv", [{ ...message("grows", ""), status: "streaming" }], { atMs: 1 });
    for (let number = 1; number <= 12; number++) {
      await writer.change("cnv", "grows", { appendText: "canary ".repeat(30_000) }, { atMs: number });
      if (number % 4 > 0) continue;
      expect((await reader.list()).conversations).toMatchObject([{ id: "cnv", updatedAtMs: number }]);
      expect((await reader.message("cnv", "grows"))?.content).toHaveLength(number * 210_000);
    }
    await reader.copy("cnv", { id: "copy", atMs: 20 });
    await writer.removeMessages("copy", ["grows"], { atMs: 21 });
    expect((await reader.get("copy"))?.messageCount).toBe(0);
    await writer.remove("copy");
    await reader.remove("cnv");
    expect((await writer.list()).conversations).toEqual([]);
    await expect(writer.append("cnv", [message("m1")], { atMs: 1 })).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
    for (const bytes of await messagesOf(server, "long")) expect(Buffer.from(bytes).includes("canary")).toBe(false);
    await writer.create({ id: "cnv", createdAtMs: 30, title: "Again" });
    expect((await (await opened(place)).list()).conversations).toMatchObject([{ title: "Again", lastSeq: 0 }]);
  });

  test("that are encrypted are unreadable without their key and with another one, and the others are not", async () => {
    const place = { servers: server.url, prefix: "key" };
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
