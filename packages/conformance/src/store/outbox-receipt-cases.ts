import assert from "node:assert/strict";
import { type DeliveryStatus, deliveryOrder } from "@colloquy/core/contract";
import { ids, outboxRow, sessionsIn, startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";

const receipt = { providerMessageId: "100", status: "in_progress" };
const sent = { state: "sent", receipt, settledAtMs: startAtMs } as const;
const heard = (status: DeliveryStatus, atMs = startAtMs + 1): { status: DeliveryStatus; atMs: number } => ({
  status,
  atMs,
});

export const outboxReceiptCases: readonly StoreCase[] = [
  {
    title: "keeps a sent message's key and what was heard of it, and nothing of its text",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add([outboxRow("ses_1", "msg_1")]);
      await store.outbox.move("ses_1", "msg_1", ["queued"], sent);
      const delivery = { ...heard("failed"), reason: "No such number." };
      const moved = await store.outbox.move("ses_1", "msg_1", ["sent"], { messageKey: "3EB0", delivery });
      assert.deepEqual([moved?.state, moved?.messageKey, moved?.delivery], ["sent", "3EB0", delivery]);
      assert.deepEqual([moved?.message, moved?.receipt, moved?.settledAtMs], [null, receipt, startAtMs]);
      assert.deepEqual(await store.outbox.get("ses_1", "msg_1"), moved);
    },
  },
  {
    title: "finds a message by its key within its session, also after another move",
    async run({ store }) {
      await sessionsIn(store, "ses_1", "ses_2");
      await store.outbox.add([...ids("msg", 3).map((id) => outboxRow("ses_1", id)), outboxRow("ses_2", "msg_2")]);
      for (const id of ids("msg", 3)) await store.outbox.move("ses_1", id, ["queued"], sent);
      await store.outbox.move("ses_1", "msg_2", ["sent"], { messageKey: "key 'two'" });
      await store.outbox.move("ses_1", "msg_3", ["sent"], { messageKey: "key three" });
      await store.outbox.move("ses_1", "msg_2", ["sent"], { delivery: heard("read") });
      const named = await store.outbox.list("ses_1", { messageKey: "key 'two'" });
      assert.deepEqual(named, [await store.outbox.get("ses_1", "msg_2")]);
      assert.deepEqual(await store.outbox.list("ses_1", { messageKey: "key 'two'", states: ["queued"] }), []);
      assert.deepEqual(await store.outbox.list("ses_1", { messageKey: "key 'two'", afterSeq: 2 }), []);
      assert.deepEqual(await store.outbox.list("ses_2", { messageKey: "key 'two'" }), []);
      assert.deepEqual(await store.outbox.list("ses_1", { messageKey: "another" }), []);
    },
  },
  {
    title: "does not take back what was heard of a message, in whichever order it arrives",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      for (const [index, first] of deliveryOrder.entries())
        for (const [other, second] of deliveryOrder.entries()) {
          const id = `${first} ${second}`;
          await store.outbox.add([outboxRow("ses_1", id)]);
          await store.outbox.move("ses_1", id, ["queued"], sent);
          await store.outbox.move("ses_1", id, ["sent"], { delivery: heard(first, 1) });
          const last = await store.outbox.move("ses_1", id, ["sent"], { delivery: heard(second, 2) });
          assert.deepEqual(last?.delivery, other > index ? heard(second, 2) : heard(first, 1), id);
        }
    },
  },
  {
    title: "keeps the latest of what many tell at once",
    async run({ store }) {
      await sessionsIn(store, "ses_1");
      await store.outbox.add([outboxRow("ses_1", "msg_1")]);
      await store.outbox.move("ses_1", "msg_1", ["queued"], sent);
      const told = deliveryOrder.toReversed().map((status) => ({ delivery: heard(status) }));
      await Promise.all(told.map((patch) => store.outbox.move("ses_1", "msg_1", ["sent"], patch)));
      assert.equal((await store.outbox.get("ses_1", "msg_1"))?.delivery?.status, deliveryOrder.at(-1));
    },
  },
];
