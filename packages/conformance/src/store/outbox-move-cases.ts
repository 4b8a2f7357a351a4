import assert from "node:assert/strict";
import { numbersTo } from "./expect.js";
import { ids, newRecord, outboxRow, sessionsIn } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const outboxMoveCases: readonly StoreCase[] = [
  {
    title: "moves a message for the epoch that the session's record has, and for no other",
    async run({ store }) {
      const record = await store.records.create(newRecord("ses_1", { epoch: 3 }), []);
      await store.outbox.add([outboxRow("ses_1", "msg_1"), outboxRow("ses_1", "msg_2")]);
      const move = (id: string, epoch: number) =>
        store.outbox.move("ses_1", id, ["queued"], { state: "sending" }, epoch);
      assert.equal(await move("msg_1", 2), undefined);
      assert.equal((await move("msg_1", 3))?.state, "sending");
      await store.records.save({ ...record, epoch: 4 }, []);
      assert.equal(await move("msg_2", 3), undefined);
      assert.equal((await move("msg_2", 4))?.state, "sending");
    },
  },
  {
    title: "forgets why a message failed when it is queued again",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add([outboxRow("ses_1", "msg_1", { dueAtMs: 7 })]);
      await store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sending", startedAtMs: 5, mark: { turns: 3 } });
      const error = { code: "OUTCOME_UNKNOWN", message: "Made up.", outcome: "unknown" };
      await store.outbox.move("ses_1", "msg_1", ["sending"], {
        state: "unknown",
        error,
        settledAtMs: 6,
        lookedAtMs: 8,
      });
      const again = await store.outbox.move("ses_1", "msg_1", ["unknown"], { state: "queued" });
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), again);
      assert.deepEqual(again, {
        ...outboxRow("ses_1", "msg_1", { dueAtMs: 7 }),
        seq: 1,
        mark: { turns: 3 },
      });
    },
  },
  {
    title: "tells which sessions have queued messages, by id, after one and up to a limit",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2", "ses_3", "ses_4");
      await store.outbox.add([
        outboxRow("ses_3", "msg_1"),
        outboxRow("ses_1", "msg_1"),
        outboxRow("ses_1", "msg_2"),
        outboxRow("ses_4", "msg_1"),
        outboxRow("ses_2", "msg_1", { state: "failed" }),
      ]);
      assert.deepEqual(await store.outbox.waiting(), ["ses_1", "ses_3", "ses_4"]);
      assert.deepEqual(await store.outbox.waiting({ after: "ses_1", limit: 1 }), ["ses_3"]);
      await store.outbox.move("ses_3", "msg_1", ["queued"], { state: "sending" });
      assert.deepEqual(await store.outbox.waiting(), ["ses_1", "ses_4"]);
      await store.outbox.move("ses_3", "msg_1", ["sending"], { state: "queued" });
      await store.records.remove("ses_1");
      assert.deepEqual(await store.outbox.waiting(), ["ses_3", "ses_4"]);
    },
  },
  {
    title: "moves a message that is in one of the named states, keeping what the move does not name",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const [row] = await store.outbox.add([outboxRow("ses_1", "msg_1")]);
      const moved = await store.outbox.move("ses_1", "msg_1", ["failed", "queued"], {
        state: "sending",
        startedAtMs: 7,
      });
      assert.deepEqual(moved, { ...row, state: "sending", startedAtMs: 7 });
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), moved);
      const error = { code: "OUTCOME_UNKNOWN", message: "No answer.", outcome: "unknown" };
      const settled = await store.outbox.move("ses_1", "msg_1", ["sending"], {
        state: "unknown",
        error,
        settledAtMs: 9,
      });
      assert.deepEqual(settled, { ...moved, state: "unknown", error, settledAtMs: 9 });
    },
  },
  {
    title: "does not move a message that is in another state",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      const [row] = await store.outbox.add([outboxRow("ses_1", "msg_1")]);
      assert.equal(await store.outbox.move("ses_1", "msg_1", ["sending", "failed"], { state: "cancelled" }), undefined);
      assert.equal(await store.outbox.move("ses_1", "msg_1", [], { state: "cancelled" }), undefined);
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), row);
    },
  },
  {
    title: "lets exactly one of many concurrent movers win",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add(ids("msg", 5).map((id) => outboxRow("ses_1", id)));
      for (const id of ids("msg", 5)) {
        const moves = await Promise.all(
          numbersTo(10).map((number) =>
            store.outbox.move("ses_1", id, ["queued"], { state: "sending", startedAtMs: number }),
          ),
        );
        const winners = moves.filter((row) => row !== undefined);
        assert.equal(winners.length, 1);
        assert.deepEqual(await store.outbox.get("ses_1", id), winners[0]);
      }
    },
  },
  {
    title: "empties a message that is sent, and keeps its receipt",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add([outboxRow("ses_1", "msg_1")]);
      const receipt = { providerMessageId: "100", status: "in_progress" };
      const sent = await store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sent", receipt, settledAtMs: 9 });
      assert.deepEqual([sent?.message, sent?.receipt], [null, receipt]);
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), sent);
    },
  },
  {
    title: "counts the messages of a session in every state",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      await store.outbox.add([outboxRow("ses_2", "msg_1"), ...ids("msg", 9).map((id) => outboxRow("ses_1", id))]);
      const moves = {
        msg_1: "sending",
        msg_2: "sent",
        msg_3: "sent",
        msg_4: "failed",
        msg_5: "unknown",
        msg_6: "cancelled",
      } as const;
      for (const [id, state] of Object.entries(moves)) await store.outbox.move("ses_1", id, ["queued"], { state });
      assert.deepEqual(await store.outbox.count("ses_1"), {
        queued: 3,
        sending: 1,
        sent: 2,
        failed: 1,
        unknown: 1,
        cancelled: 1,
      });
      assert.deepEqual(await store.outbox.count("ses_2"), {
        queued: 1,
        sending: 0,
        sent: 0,
        failed: 0,
        unknown: 0,
        cancelled: 0,
      });
    },
  },
];
