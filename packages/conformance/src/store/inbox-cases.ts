import assert from "node:assert/strict";
import { failsWith, numbersTo } from "./expect.js";
import { ids, inboxRow, sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const inboxCases: readonly StoreCase[] = [
  {
    title: "takes events in order, numbered from 1 for each session, and gives them back whole",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const rows = await store.inbox.add([
        inboxRow("ses_1", "occ_1"),
        inboxRow("ses_2", "occ_1"),
        inboxRow("ses_1", "occ_2"),
      ]);
      assert.deepEqual(rows[0], { ...inboxRow("ses_1", "occ_1"), seq: 1, handled: false });
      assert.deepEqual(
        rows.map(({ sessionId, seq }) => `${sessionId} ${seq}`),
        ["ses_1 1", "ses_2 1", "ses_1 2"],
      );
      assert.deepEqual(await store.inbox.pending("ses_1"), [rows[0], rows[2]]);
    },
  },
  {
    title: "takes an occurrence once, and answers with the new ones only",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.inbox.add([inboxRow("ses_1", "occ_1", "first")]);
      const rows = await store.inbox.add([
        inboxRow("ses_1", "occ_1", "again"),
        inboxRow("ses_1", "occ_2"),
        inboxRow("ses_1", "occ_2"),
      ]);
      assert.deepEqual(
        rows.map(({ occurrenceId }) => occurrenceId),
        ["occ_2"],
      );
      const pending = await store.inbox.pending("ses_1");
      assert.deepEqual(
        pending.map(({ occurrenceId }) => occurrenceId),
        ["occ_1", "occ_2"],
      );
      assert.equal(pending[0]?.event.raw, "first");
    },
  },
  {
    title: "knows an occurrence again after it was handled",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.inbox.add([inboxRow("ses_1", "occ_1")]);
      await store.inbox.settle("ses_1", ["occ_1"]);
      assert.deepEqual(await store.inbox.add([inboxRow("ses_1", "occ_1")]), []);
      assert.deepEqual(await store.inbox.pending("ses_1"), []);
      assert.equal((await store.inbox.add([inboxRow("ses_1", "occ_2")]))[0]?.seq, 2);
    },
  },
  {
    title: "takes all events of a call or none",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await failsWith("SESSION_NOT_FOUND", () =>
        store.inbox.add([inboxRow("ses_1", "occ_1"), inboxRow("ses_gone", "occ_2")]),
      );
      assert.deepEqual(await store.inbox.pending("ses_1"), []);
      assert.equal((await store.inbox.add([inboxRow("ses_1", "occ_1")])).length, 1);
    },
  },
  {
    title: "finds an occurrence new for exactly one of many concurrent calls",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const added = await Promise.all(
        numbersTo(10).map((number) =>
          store.inbox.add([inboxRow("ses_1", "occ_1", number), inboxRow("ses_1", `occ_own_${number}`)]),
        ),
      );
      assert.equal(added.flat().filter(({ occurrenceId }) => occurrenceId === "occ_1").length, 1);
      const pending = await store.inbox.pending("ses_1");
      assert.deepEqual(
        pending.map(({ seq }) => seq),
        numbersTo(11),
      );
    },
  },
  {
    title: "gives what is not handled in order of arrival, after a number and up to a limit",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.inbox.add(
        ids("occ", 6)
          .toReversed()
          .map((id) => inboxRow("ses_1", id)),
      );
      await store.inbox.settle("ses_1", ["occ_5", "occ_2"]);
      const pending = async (query?: Parameters<typeof store.inbox.pending>[1]): Promise<readonly number[]> =>
        (await store.inbox.pending("ses_1", query)).map(({ seq }) => seq);
      assert.deepEqual(await pending(), [1, 3, 4, 6]);
      assert.deepEqual(await pending({ afterSeq: 1 }), [3, 4, 6]);
      assert.deepEqual(await pending({ afterSeq: 2, limit: 2 }), [3, 4]);
    },
  },
  {
    title: "gives 1,000 pending events when no limit is named",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.inbox.add(ids("occ", 1_001).map((id) => inboxRow("ses_1", id)));
      assert.equal((await store.inbox.pending("ses_1")).length, 1_000);
      assert.deepEqual(
        (await store.inbox.pending("ses_1", { afterSeq: 1_000 })).map(({ occurrenceId }) => occurrenceId),
        ["occ_1001"],
      );
    },
  },
  {
    title: "settles what it is told, of that session only, and does not mind what it does not know",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      await store.inbox.add([inboxRow("ses_1", "occ_1"), inboxRow("ses_1", "occ_2"), inboxRow("ses_2", "occ_1")]);
      await store.inbox.settle("ses_1", ["occ_unknown", "occ_1"]);
      await store.inbox.settle("ses_1", ["occ_1"]);
      await store.inbox.settle("ses_1", []);
      assert.deepEqual(
        (await store.inbox.pending("ses_1")).map(({ occurrenceId }) => occurrenceId),
        ["occ_2"],
      );
      assert.equal((await store.inbox.pending("ses_2")).length, 1);
    },
  },
];
