import assert from "node:assert/strict";
import type { Store } from "@colloquy/core";
import { numbersTo, outcomesOf } from "./expect.js";
import { inboxRow, newRecord, outboxRow, sessionsIn } from "./samples.js";
import type { StoreCase, StoreCaseContext } from "./store-case.js";

const promise: NonNullable<StoreCase["promise"]> = {
  isMade: ({ shared }) => shared,
  otherwise: "the store is for one process alone",
};

async function withOther({ reopen }: StoreCaseContext, check: (other: Store) => Promise<void>): Promise<void> {
  assert.ok(reopen, "A store that promises sharing must give `reopen` to the suite.");
  const other = await reopen();
  await other.open();
  try {
    await check(other);
  } finally {
    await other.close();
  }
}

export const sharingCases: readonly StoreCase[] = [
  {
    title: "shows the writes of one opening to another",
    promise,
    run: (context) =>
      withOther(context, async (other) => {
        const created = await context.store.records.create(newRecord("ses_1"), []);
        assert.deepEqual(await other.records.get("ses_1"), created);
        await other.records.save(created, []);
        assert.equal((await context.store.records.get("ses_1"))?.revision, 2);
        await other.secrets.put("ses_1", { session_key: "made-up" });
        assert.deepEqual(await context.store.secrets.get("ses_1"), { session_key: "made-up" });
      }),
  },
  {
    title: "lets exactly one win when two openings race",
    promise,
    run: (context) =>
      withOther(context, async (other) => {
        const both = [context.store, other];
        const created = await context.store.records.create(newRecord("ses_1"), []);
        const saves = await outcomesOf(
          numbersTo(10).flatMap(() => both.map((store) => store.records.save(created, []))),
        );
        assert.equal(saves.filter((outcome) => typeof outcome !== "string").length, 1);
        await other.outbox.add([outboxRow("ses_1", "msg_1")]);
        const moves = await Promise.all(
          numbersTo(10).flatMap(() =>
            both.map((store) => store.outbox.move("ses_1", "msg_1", ["queued"], { state: "sending" })),
          ),
        );
        assert.equal(moves.filter((row) => row !== undefined).length, 1);
        const added = await Promise.all(
          numbersTo(10).flatMap(() => both.map((store) => store.inbox.add([inboxRow("ses_1", "occ_1")]))),
        );
        assert.equal(added.flat().length, 1);
      }),
  },
  {
    title: "numbers messages without gaps when two openings add at once",
    promise,
    run: (context) =>
      withOther(context, async (other) => {
        await sessionsIn(context.store, "ses_1");
        await Promise.all(
          numbersTo(20).flatMap((number) => [
            context.store.outbox.add([outboxRow("ses_1", `msg_a${number}`)]),
            other.outbox.add([outboxRow("ses_1", `msg_b${number}`)]),
          ]),
        );
        assert.deepEqual(
          (await other.outbox.list("ses_1")).map(({ seq }) => seq),
          numbersTo(40),
        );
      }),
  },
];
