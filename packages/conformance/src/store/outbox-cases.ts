import assert from "node:assert/strict";
import type { OutboxState } from "@colloquy/core";
import { failsWith, numbersTo } from "./expect.js";
import { ids, outboxRow, sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const outboxCases: readonly StoreCase[] = [
  {
    title: "accepts messages in order, numbered from 1 for each session, and gives them back whole",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      const [first, other, second] = await store.outbox.add([
        outboxRow("ses_1", "msg_1"),
        outboxRow("ses_2", "msg_1"),
        outboxRow("ses_1", "msg_2"),
      ]);
      assert.deepEqual(first, { ...outboxRow("ses_1", "msg_1"), seq: 1 });
      assert.deepEqual([other?.sessionId, other?.seq, second?.id, second?.seq], ["ses_2", 1, "msg_2", 2]);
      const [third] = await store.outbox.add([outboxRow("ses_1", "msg_3")]);
      assert.equal(third?.seq, 3);
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), first);
    },
  },
  {
    title: "leaves a message alone whose id the session has, and gives back the one it has",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const [first] = await store.outbox.add([outboxRow("ses_1", "msg_1")]);
      await store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sending", startedAtMs: 5 });
      const rows = await store.outbox.add([
        outboxRow("ses_1", "msg_1", { message: { to: "+15550199", text: "Other" } }),
        outboxRow("ses_1", "msg_2"),
      ]);
      assert.deepEqual(rows[0], { ...first, state: "sending", startedAtMs: 5 });
      assert.equal(rows[1]?.seq, 2);
      assert.equal((await store.outbox.list("ses_1")).length, 2);
    },
  },
  {
    title: "accepts a message once that one call names twice",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const rows = await store.outbox.add([
        outboxRow("ses_1", "msg_1"),
        outboxRow("ses_1", "msg_1", { priority: "bulk" }),
      ]);
      assert.deepEqual(
        rows.map(({ seq, priority }) => `${seq}${priority}`),
        ["1normal", "1normal"],
      );
      assert.equal((await store.outbox.count("ses_1")).queued, 1);
    },
  },
  {
    title: "accepts all messages of a call or none",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await failsWith("SESSION_NOT_FOUND", () =>
        store.outbox.add([outboxRow("ses_1", "msg_1"), outboxRow("ses_gone", "msg_2")]),
      );
      assert.deepEqual(await store.outbox.list("ses_1"), []);
      assert.equal((await store.outbox.add([outboxRow("ses_1", "msg_3")]))[0]?.seq, 1);
    },
  },
  {
    title: "numbers messages without gaps when calls race",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await Promise.all(
        numbersTo(20).map((number) =>
          store.outbox.add([outboxRow("ses_1", `msg_${number}a`), outboxRow("ses_1", `msg_${number}b`)]),
        ),
      );
      const rows = await store.outbox.list("ses_1");
      assert.deepEqual(
        rows.map(({ seq }) => seq),
        numbersTo(40),
      );
      assert.equal(new Set(rows.map(({ id }) => id)).size, 40);
    },
  },
  {
    title: "accepts one of many concurrent calls with the same id, and gives its row to all",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const rows = await Promise.all(
        numbersTo(10).map((number) => store.outbox.add([outboxRow("ses_1", "msg_1", { acceptedAtMs: number })])),
      );
      assert.equal(new Set(rows.map(([row]) => row?.acceptedAtMs)).size, 1);
      assert.deepEqual(
        rows.map(([row]) => row?.seq),
        Array(10).fill(1),
      );
      assert.equal((await store.outbox.list("ses_1")).length, 1);
    },
  },
  {
    title: "tells when messages left or may have left, oldest first, from an instant on",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      await store.outbox.add([
        ...numbersTo(6).map((number) => outboxRow("ses_1", `msg_${number}`)),
        outboxRow("ses_2", "msg_1"),
      ]);
      const settle = (id: string, state: OutboxState, settledAtMs?: number): Promise<unknown> =>
        store.outbox.move("ses_1", id, ["queued"], { state, ...(settledAtMs === undefined ? {} : { settledAtMs }) });
      await settle("msg_1", "sent", 400);
      await settle("msg_2", "unknown", 300);
      await settle("msg_3", "failed", 350);
      await settle("msg_4", "sending");
      await settle("msg_5", "sent", 200);
      assert.deepEqual(await store.outbox.departures("ses_1", 300), [300, 400]);
      assert.deepEqual(await store.outbox.departures("ses_1", 0), [200, 300, 400]);
      assert.deepEqual(await store.outbox.departures("ses_2", 0), []);
      assert.deepEqual(await store.outbox.departures("ses_gone", 0), []);
    },
  },
  {
    title: "gives nothing for a message that it does not hold",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      await store.outbox.add([outboxRow("ses_2", "msg_1")]);
      assert.equal(await store.outbox.get("ses_1", "msg_1"), undefined);
    },
  },
  {
    title: "lists messages in order of acceptance, by states, after a number and up to a limit",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add(
        ids("msg", 6)
          .toReversed()
          .map((id) => outboxRow("ses_1", id)),
      );
      for (const id of ["msg_2", "msg_4"]) await store.outbox.move("ses_1", id, ["queued"], { state: "failed" });
      await store.outbox.move("ses_1", "msg_3", ["queued"], { state: "sending" });
      const list = async (query: Parameters<typeof store.outbox.list>[1]): Promise<readonly number[]> =>
        (await store.outbox.list("ses_1", query)).map(({ seq }) => seq);
      assert.deepEqual(await list({}), [1, 2, 3, 4, 5, 6]);
      assert.deepEqual(await list({ states: ["queued"] }), [1, 2, 6]);
      assert.deepEqual(await list({ states: ["sending", "failed"] }), [3, 4, 5]);
      assert.deepEqual(await list({ states: ["queued"], afterSeq: 1 }), [2, 6]);
      assert.deepEqual(await list({ afterSeq: 2, limit: 2 }), [3, 4]);
      assert.deepEqual(await list({ states: ["queued"], limit: 2 }), [1, 2]);
      assert.deepEqual(await list({ states: [] }), []);
    },
  },
  {
    title: "lists 1,000 messages when no limit is named",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add(ids("msg", 1_001).map((id) => outboxRow("ses_1", id)));
      assert.equal((await store.outbox.list("ses_1")).length, 1_000);
      assert.deepEqual(
        (await store.outbox.list("ses_1", { afterSeq: 1_000 })).map(({ id }) => id),
        ["msg_1001"],
      );
    },
  },
];
