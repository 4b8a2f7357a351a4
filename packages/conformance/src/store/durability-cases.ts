import assert from "node:assert/strict";
import type { Store } from "@colloquy/core";
import { failsWith } from "./expect.js";
import { inboxRow, logEntry, newRecord, outboxRow } from "./samples.js";
import type { StoreCase, StoreCaseContext } from "./store-case.js";

const promise: NonNullable<StoreCase["promise"]> = {
  isMade: ({ durability }) => durability !== "none",
  otherwise: "the store does not outlive its process",
};

async function fill(store: Store): Promise<void> {
  const created = await store.records.create(newRecord("ses_1"), [logEntry("ses_1", "create")]);
  await store.records.save({ ...created, name: "Saved" }, [logEntry("ses_1", "save")]);
  await store.outbox.add([outboxRow("ses_1", "msg_1"), outboxRow("ses_1", "msg_2")]);
  await store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sending" });
  await store.inbox.add([inboxRow("ses_1", "occ_1"), inboxRow("ses_1", "occ_2")]);
  await store.inbox.settle("ses_1", ["occ_1"]);
  await store.secrets.put("ses_1", { session_key: "made-up" });
}

async function closedAndOpened(
  { store, reopen }: StoreCaseContext,
  check: (again: Store) => Promise<void>,
): Promise<void> {
  assert.ok(reopen, "A store that promises durability must give `reopen` to the suite.");
  await fill(store);
  await store.close();
  const again = await reopen();
  await again.open();
  try {
    await check(again);
  } finally {
    await again.close();
  }
}

export const durabilityCases: readonly StoreCase[] = [
  {
    title: "gives everything back after it was closed and opened anew",
    promise,
    run: (context) =>
      closedAndOpened(context, async (again) => {
        assert.deepEqual(await again.records.get("ses_1"), { ...newRecord("ses_1", { name: "Saved" }), revision: 2 });
        assert.deepEqual(
          (await again.log.read("ses_1")).map(({ seq, event }) => `${seq}${event}`),
          ["1create", "2save"],
        );
        assert.deepEqual(
          (await again.outbox.list("ses_1")).map(({ id, state }) => `${id} ${state}`),
          ["msg_1 sending", "msg_2 queued"],
        );
        assert.deepEqual(await again.inbox.pending("ses_1"), [
          { ...inboxRow("ses_1", "occ_2"), seq: 2, handled: false },
        ]);
        assert.deepEqual(await again.secrets.get("ses_1"), { session_key: "made-up" });
      }),
  },
  {
    title: "goes on counting, comparing and recognising after it was opened anew",
    promise,
    run: (context) =>
      closedAndOpened(context, async (again) => {
        const record = await again.records.get("ses_1");
        assert.ok(record);
        await failsWith("STORE_CONFLICT", () => again.records.save({ ...record, revision: 1 }, []));
        await again.records.save(record, [logEntry("ses_1", "later")]);
        assert.deepEqual(
          (await again.log.read("ses_1")).map(({ seq }) => seq),
          [1, 2, 3],
        );
        assert.deepEqual(
          (await again.outbox.add([outboxRow("ses_1", "msg_1"), outboxRow("ses_1", "msg_3")])).map(({ seq }) => seq),
          [1, 3],
        );
        assert.deepEqual(
          (await again.inbox.add([inboxRow("ses_1", "occ_1"), inboxRow("ses_1", "occ_3")])).map(({ seq }) => seq),
          [3],
        );
      }),
  },
];
