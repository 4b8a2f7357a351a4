import assert from "node:assert/strict";
import { failsWith } from "./expect.js";
import { inboxRow, logEntry, newRecord, outboxRow, sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const removalCases: readonly StoreCase[] = [
  {
    title: "removes a session once",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      assert.equal(await store.records.remove("ses_1"), true);
      assert.equal(await store.records.remove("ses_1"), false);
      assert.equal(await store.records.get("ses_1"), undefined);
      assert.deepEqual(
        (await store.records.list()).records.map(({ id }) => id),
        ["ses_2"],
      );
    },
  },
  {
    title: "removes with a session its log, outbox, inbox and secrets, and of no other",
    async run({ store }) {
      for (const id of ["ses_1", "ses_2"]) {
        await store.records.create(newRecord(id), [logEntry(id)]);
        await store.outbox.add([outboxRow(id, "msg_1")]);
        await store.inbox.add([inboxRow(id, "occ_1")]);
        await store.secrets.put(id, { session_key: "made-up" });
      }
      await store.records.remove("ses_1");
      // The same id again, so that what was left behind would show.
      await sessionsIn(store, "ses_1");
      for (const [id, count] of [
        ["ses_1", 0],
        ["ses_2", 1],
      ] as const) {
        assert.equal((await store.log.read(id)).length, count);
        assert.equal((await store.outbox.list(id)).length, count);
        assert.equal((await store.outbox.count(id)).queued, count);
        assert.equal((await store.inbox.pending(id)).length, count);
        assert.equal(Object.keys(await store.secrets.get(id)).length, count);
      }
      assert.equal((await store.inbox.add([inboxRow("ses_1", "occ_1")])).length, 1);
    },
  },
  {
    title: "takes nothing for a session that it does not hold",
    async run({ store }) {
      await failsWith("SESSION_NOT_FOUND", () => store.outbox.add([outboxRow("ses_1", "msg_1")]));
      await failsWith("SESSION_NOT_FOUND", () => store.inbox.add([inboxRow("ses_1", "occ_1")]));
      await failsWith("SESSION_NOT_FOUND", () => store.secrets.put("ses_1", { session_key: "made-up" }));
    },
  },
  {
    title: "answers with nothing about a session that it does not hold",
    async run({ store }) {
      assert.deepEqual(await store.log.read("ses_1"), []);
      assert.equal(await store.outbox.get("ses_1", "msg_1"), undefined);
      assert.equal(await store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sending" }), undefined);
      assert.deepEqual(await store.outbox.list("ses_1"), []);
      assert.equal((await store.outbox.count("ses_1")).queued, 0);
      assert.deepEqual(await store.inbox.pending("ses_1"), []);
      await store.inbox.settle("ses_1", ["occ_1"]);
      assert.deepEqual(await store.secrets.get("ses_1"), {});
      await store.secrets.remove("ses_1");
    },
  },
];
