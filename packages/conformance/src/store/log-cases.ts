import assert from "node:assert/strict";
import type { SessionRecord } from "@colloquy/core";
import { numbersTo, outcomesOf } from "./expect.js";
import { logEntry, newRecord } from "./samples.js";
import type { StoreCase } from "./store-case.js";

export const logCases: readonly StoreCase[] = [
  {
    title: "numbers the log of each session from 1, over its creation and its saves",
    async run({ store }) {
      const first = await store.records.create(newRecord("ses_1"), [logEntry("ses_1", "a"), logEntry("ses_1", "b")]);
      await store.records.create(newRecord("ses_2"), [logEntry("ses_2", "other")]);
      const second = await store.records.save(first, []);
      await store.records.save(second, [logEntry("ses_1", "c")]);
      const { seq: _seq, ...entry } = (await store.log.read("ses_1"))[0] ?? { seq: 0 };
      assert.deepEqual(entry, logEntry("ses_1", "a"));
      assert.deepEqual(
        (await store.log.read("ses_1")).map(({ seq, event }) => `${seq}${event}`),
        ["1a", "2b", "3c"],
      );
      assert.deepEqual(
        (await store.log.read("ses_2")).map(({ seq, event }) => `${seq}${event}`),
        ["1other"],
      );
    },
  },
  {
    title: "numbers the log without gaps when saves race",
    async run({ store }) {
      await store.records.create(newRecord("ses_1"), []);
      const append = async (event: string): Promise<void> => {
        for (;;) {
          const record = (await store.records.get("ses_1")) as SessionRecord;
          const [outcome] = await outcomesOf([
            store.records.save(record, [logEntry("ses_1", event), logEntry("ses_1", event)]),
          ]);
          if (outcome !== "STORE_CONFLICT") return;
        }
      };
      await Promise.all(numbersTo(20).map((number) => append(`${number}`)));
      const entries = await store.log.read("ses_1");
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        numbersTo(40),
      );
      for (let index = 0; index < 40; index += 2)
        assert.equal(entries[index]?.event, entries[index + 1]?.event, "the entries of one save stand together");
      assert.equal(new Set(entries.map(({ event }) => event)).size, 20);
    },
  },
  {
    title: "reads the log oldest first, after a number and up to a limit",
    async run({ store }) {
      await store.records.create(
        newRecord("ses_1"),
        numbersTo(10).map((number) => logEntry("ses_1", `${number}`)),
      );
      const read = async (query: { readonly afterSeq?: number; readonly limit?: number }): Promise<readonly number[]> =>
        (await store.log.read("ses_1", query)).map(({ seq }) => seq);
      assert.deepEqual(await read({ afterSeq: 7 }), [8, 9, 10]);
      assert.deepEqual(await read({ limit: 2 }), [1, 2]);
      assert.deepEqual(await read({ afterSeq: 2, limit: 3 }), [3, 4, 5]);
      assert.deepEqual(await read({ afterSeq: 10 }), []);
    },
  },
  {
    title: "reads 1,000 entries of the log when no limit is named",
    async run({ store }) {
      await store.records.create(
        newRecord("ses_1"),
        numbersTo(1_001).map(() => logEntry("ses_1")),
      );
      assert.equal((await store.log.read("ses_1")).length, 1_000);
      assert.deepEqual(
        (await store.log.read("ses_1", { afterSeq: 1_000 })).map(({ seq }) => seq),
        [1_001],
      );
    },
  },
];
