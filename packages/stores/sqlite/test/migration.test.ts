import { join } from "node:path";
import { newSnapshot } from "@colloquy/core";
import { expect, test } from "vitest";
import { chooseDriver } from "../src/driver/choose.js";
import { sqliteStore } from "../src/index.js";
import { appendCostStep } from "../src/schema/append-cost.js";
import { arrivalsStep } from "../src/schema/arrivals.js";
import { transcriptsStep } from "../src/schema/transcripts.js";
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

/** A file as schema version 5 left it, with a message that waits to be searched between two that do not. */
async function fileOfVersionFive(): Promise<string> {
  const path = await fileOfVersionOne();
  const store = sqliteStore(path);
  await store.open();
  await store.close();
  const connection = (await chooseDriver()).open(path);
  for (const table of ["messages", "arrivals", "arrival_round", "message_ids", "transcript_words", "append_operations"])
    connection.exec(`DROP TABLE ${table}`);
  for (const table of ["conversation_records", "conversation_metadata", "conversations"])
    connection.exec(`DROP TABLE ${table}`);
  connection.exec(transcriptsStep);
  connection.exec(`
    INSERT INTO conversations VALUES (1, 'cnv_1', 'ann', NULL, 1, 5, NULL, 1, 3, 3, NULL, NULL), (2, 'cnv_2', NULL, NULL, 1, 7, NULL, 1, 1, 4, NULL, NULL);
    INSERT INTO conversation_records SELECT number, '', '{"title":"","context":{},"metadata":{},"lineage":{}}' FROM conversations;
  `);
  const insert = connection.prepare("INSERT INTO messages (key, conversation, id, words, body) VALUES (?, ?, ?, ?, ?)");
  const index = connection.prepare("INSERT INTO transcript_words (rowid, owner, title, content) VALUES (?, '', '', ?)");
  const add = (conversation: number, seq: number, words: number | null, status = "complete"): void => {
    const [id, content] = [`msg_${seq}`, `Zebra ${seq}`];
    const key = conversation * 2 ** 24 + seq;
    insert.run([
      key,
      conversation,
      id,
      words,
      JSON.stringify({ id, role: "user", content, status, atMs: 1, revision: 1 }),
    ]);
    if (words === 1) index.run([key, content]);
  };
  add(1, 1, 1);
  add(1, 2, 0);
  add(1, 3, 1);
  add(2, 4, null, "streaming");
  connection.exec("PRAGMA user_version = 5");
  connection.close();
  return path;
}

test("a file of schema version 5 keeps its messages, knows their ids, and finds each of them once", async () => {
  const store = sqliteStore(await fileOfVersionFive());
  await store.open();
  const { transcripts } = store;
  expect((await transcripts.list()).conversations.map(({ id }) => id)).toEqual(["cnv_2", "cnv_1"]);
  expect((await transcripts.page("cnv_1")).messages.map(({ seq, id }) => [seq, id])).toEqual([
    [1, "msg_1"],
    [2, "msg_2"],
    [3, "msg_3"],
  ]);
  const found = async () =>
    (await transcripts.search({ text: "zebra" })).map(
      ({ conversation, message }) => `${conversation.id} ${message?.seq}`,
    );
  expect(await found()).toHaveLength(3);
  expect(new Set(await found())).toEqual(new Set(["cnv_1 1", "cnv_1 2", "cnv_1 3"]));
  const again = { id: "msg_2", role: "user" as const, content: "Other", atMs: 9 };
  expect(await transcripts.append("cnv_1", [again], { atMs: 9 })).toMatchObject([{ seq: 2, content: "Zebra 2" }]);
  await transcripts.change("cnv_2", "msg_4", { status: "complete" }, { atMs: 9 });
  await transcripts.removeMessages("cnv_1", ["msg_3"], { atMs: 9 });
  expect(await found()).toHaveLength(3);
  expect(new Set(await found())).toEqual(new Set(["cnv_1 1", "cnv_1 2", "cnv_2 4"]));
  expect(await transcripts.remove("cnv_1")).toBe(true);
  expect(await found()).toEqual(["cnv_2 4"]);
  await store.close();
});

/** A file as schema version 7 left it: of three messages one has its id in the table of ids, and the last has just arrived. */
async function fileOfVersionSeven(): Promise<string> {
  const path = await fileOfVersionFive();
  const connection = (await chooseDriver()).open(path);
  connection.exec(`${appendCostStep} ${arrivalsStep}
    INSERT INTO arrivals SELECT key, 9, id, body FROM messages WHERE id = 'msg_3';
    DELETE FROM messages WHERE id = 'msg_3';
    DELETE FROM message_ids WHERE id IN ('msg_2', 'msg_3');
    UPDATE conversations SET named_seq = 1, last_seq = 2, message_count = 2, behind = 1, indexed_seq = 0 WHERE number = 1;
    DELETE FROM transcript_words;
    PRAGMA user_version = 7;`);
  connection.close();
  return path;
}

test("a file of schema version 7 keeps what had arrived, and knows every id", async () => {
  const store = sqliteStore(await fileOfVersionSeven());
  await store.open();
  const { transcripts } = store;
  expect(await transcripts.get("cnv_1")).toMatchObject({ messageCount: 3, lastSeq: 3, updatedAtMs: 9 });
  for (const seq of [1, 2, 3])
    expect(
      await transcripts.append("cnv_1", [{ id: `msg_${seq}`, role: "user", content: "Other", atMs: 9 }], { atMs: 9 }),
    ).toMatchObject([{ seq, content: `Zebra ${seq}` }]);
  expect(
    await transcripts.append("cnv_1", [{ id: "msg_9", role: "user", content: "Zebra 9", atMs: 9 }], { atMs: 9 }),
  ).toMatchObject([{ seq: 4 }]);
  const found = await transcripts.search({ text: "zebra" });
  expect(found.map(({ message }) => `${message?.seq}`).toSorted()).toEqual(["1", "2", "3", "4"]);
  await store.close();
});
