import assert from "node:assert/strict";
import { writable } from "./expect.js";
import { inboxRow, logEntry, newRecord, outboxRow, sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const copyCases: readonly StoreCase[] = [
  {
    title: "keeps what it was given, whatever the caller does to it afterwards",
    async run({ store }) {
      const record = newRecord("ses_1");
      const entry = logEntry("ses_1");
      await store.records.create(record, [entry]);
      const row = outboxRow("ses_1", "msg_1");
      const event = inboxRow("ses_1", "occ_1");
      const secrets = { session_key: "made-up" };
      await Promise.all([store.outbox.add([row]), store.inbox.add([event]), store.secrets.put("ses_1", secrets)]);
      writable(record.settings)["tags"] = "changed";
      writable(entry.evidence ?? {})["status"] = 500;
      writable(row.message as { text: string }).text = "changed";
      (event.event.raw as { nested: unknown }).nested = "changed";
      secrets.session_key = "changed";
      assert.deepEqual(await store.records.get("ses_1"), { ...newRecord("ses_1"), revision: 1 });
      assert.deepEqual(await store.log.read("ses_1"), [{ ...logEntry("ses_1"), seq: 1 }]);
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), { ...outboxRow("ses_1", "msg_1"), seq: 1 });
      assert.deepEqual(await store.inbox.pending("ses_1"), [{ ...inboxRow("ses_1", "occ_1"), seq: 1, handled: false }]);
      assert.deepEqual(await store.secrets.get("ses_1"), { session_key: "made-up" });
    },
  },
  {
    title: "hands out records that the caller may change without changing the store",
    async run({ store }) {
      const expected = { ...newRecord("ses_1"), revision: 2 };
      const created = await store.records.create(newRecord("ses_1"), [logEntry("ses_1")]);
      const saved = await store.records.save(created, []);
      for (const record of [
        created,
        saved,
        await store.records.get("ses_1"),
        (await store.records.list()).records[0],
      ]) {
        assert.ok(record);
        writable(record.lifecycle).state = "failed";
        writable(record.settings)["tags"] = "changed";
        (record.settings["flags"] as { retries: number }).retries = 99;
      }
      assert.deepEqual(await store.records.get("ses_1"), expected);
      const [entry] = await store.log.read("ses_1");
      assert.ok(entry?.evidence);
      writable(entry.evidence)["status"] = 500;
      assert.deepEqual(await store.log.read("ses_1"), [{ ...logEntry("ses_1"), seq: 1 }]);
    },
  },
  {
    title: "hands out messages that the caller may change without changing the store",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const handedOut = [
        (await store.outbox.add([outboxRow("ses_1", "msg_1")]))[0],
        (await store.outbox.add([outboxRow("ses_1", "msg_1")]))[0],
        await store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sending" }),
        await store.outbox.get("ses_1", "msg_1"),
        (await store.outbox.list("ses_1"))[0],
      ];
      for (const row of handedOut) {
        assert.ok(row?.message);
        writable(row).state = "failed";
        writable(row.message).text = "changed";
        (row.message.mentions as string[]).push("+15550199");
      }
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), {
        ...outboxRow("ses_1", "msg_1"),
        state: "sending",
        seq: 1,
      });
    },
  },
  {
    title: "keeps what a move was given, whatever the caller does to it afterwards",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add([outboxRow("ses_1", "msg_1")]);
      const receipt = { providerMessageId: "100", status: "in_progress" };
      await store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sent", receipt });
      receipt.status = "changed";
      assert.equal((await store.outbox.get("ses_1", "msg_1"))?.receipt?.status, "in_progress");
    },
  },
  {
    title: "hands out events and secrets that the caller may change without changing the store",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const [added] = await store.inbox.add([inboxRow("ses_1", "occ_1")]);
      const [pending] = await store.inbox.pending("ses_1");
      for (const row of [added, pending]) {
        assert.ok(row);
        writable(row).handled = true;
        (row.event.raw as { nested: { list: unknown[] } }).nested.list.push("changed");
      }
      assert.deepEqual(await store.inbox.pending("ses_1"), [{ ...inboxRow("ses_1", "occ_1"), seq: 1, handled: false }]);
      await store.secrets.put("ses_1", { session_key: "made-up" });
      writable(await store.secrets.get("ses_1"))["session_key"] = "changed";
      assert.deepEqual(await store.secrets.get("ses_1"), { session_key: "made-up" });
    },
  },
];
