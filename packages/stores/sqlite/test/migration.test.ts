import { join } from "node:path";
import { newSnapshot } from "@colloquy/core";
import { expect, test } from "vitest";
import { chooseDriver } from "../src/driver/choose.js";
import { sqliteStore } from "../src/index.js";
import { scratchFolder } from "./scratch.js";

const tablesOfVersionOne = new Set(["meta", "sessions", "log", "outbox", "inbox", "secrets"]);

/** A file as the first schema version left it, with one message that was sent. */
async function fileOfVersionOne(): Promise<string> {
  const path = join(await scratchFolder(), "store.db");
  const store = sqliteStore(path);
  await store.open();
  const lifecycle = newSnapshot(0);
  await store.records.create(
    { id: "ses_1", providerId: "example", settings: {}, lifecycle, epoch: 1, createdAtMs: 0, updatedAtMs: 0 },
    [],
  );
  await store.outbox.add([
    {
      sessionId: "ses_1",
      id: "msg_1",
      state: "sent",
      message: null,
      priority: "normal",
      acceptedAtMs: 1,
      settledAtMs: 2,
      receipt: { providerMessageId: "100", status: "in_progress" },
    },
  ]);
  await store.close();
  const connection = (await chooseDriver()).open(path);
  const tables = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all([]);
  // The tables behind a virtual one go with it.
  for (const { name } of tables)
    if (!tablesOfVersionOne.has(String(name))) connection.exec(`DROP TABLE IF EXISTS "${String(name)}"`);
  connection.exec(
    "DROP INDEX IF EXISTS outbox_queued; DROP INDEX outbox_by_key; ALTER TABLE outbox DROP COLUMN message_key; PRAGMA user_version = 1;",
  );
  connection.close();
  return path;
}

test("a file of schema version 1 keeps its messages and takes their keys from now on", async () => {
  const path = await fileOfVersionOne();
  const store = sqliteStore(path);
  await store.open();
  expect(await store.outbox.list("ses_1")).toMatchObject([{ id: "msg_1", state: "sent", settledAtMs: 2 }]);
  await store.outbox.move("ses_1", "msg_1", ["sent"], { messageKey: "3EB0", delivery: { status: "read", atMs: 3 } });
  await store.close();

  const again = sqliteStore(path);
  await again.open();
  expect(await again.outbox.list("ses_1", { messageKey: "3EB0" })).toMatchObject([
    { id: "msg_1", seq: 1, delivery: { status: "read", atMs: 3 } },
  ]);
  await again.close();
});

test("a message is found by its key through an index", async () => {
  const path = await fileOfVersionOne();
  const store = sqliteStore(path);
  await store.open();
  await store.close();
  const connection = (await chooseDriver()).open(path);
  const plan = connection
    .prepare(
      "EXPLAIN QUERY PLAN SELECT seq FROM outbox WHERE session_id = ? AND message_key = ? AND seq > ? ORDER BY seq",
    )
    .all(["ses_1", "3EB0", 0]);
  connection.close();
  expect(JSON.stringify(plan)).toContain("outbox_by_key");
});
