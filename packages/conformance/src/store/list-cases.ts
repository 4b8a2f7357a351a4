import assert from "node:assert/strict";
import type { Store } from "@colloquy/core";
import type { SessionState } from "@colloquy/core/contract";
import { numbersTo } from "./expect.js";
import { newRecord, pagesOf, startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";

const create = async (
  store: Store,
  number: number,
  changes: { readonly providerId?: string; readonly createdAtMs?: number } = {},
  state?: SessionState,
): Promise<void> => {
  const id = `ses_${String(number).padStart(4, "0")}`;
  await store.records.create(newRecord(id, { createdAtMs: startAtMs + number, ...changes }, state), []);
};

const listed = async (store: Store, query?: Parameters<Store["records"]["list"]>[0]): Promise<readonly number[]> =>
  (await store.records.list(query)).records.map(({ id }) => Number(id.slice(4)));

export const listCases: readonly StoreCase[] = [
  {
    title: "lists nothing, with no further page, when it is empty",
    async run({ store }) {
      assert.deepEqual(await store.records.list(), { records: [] });
    },
  },
  {
    title: "lists whole records, newest first by creation, whatever was saved since",
    async run({ store }) {
      for (const number of [2, 3, 1]) await create(store, number);
      const oldest = await store.records.get("ses_0001");
      assert.ok(oldest);
      const saved = await store.records.save({ ...oldest, updatedAtMs: startAtMs + 1_000 }, []);
      assert.deepEqual(await listed(store), [3, 2, 1]);
      assert.deepEqual((await store.records.list()).records[2], saved);
    },
  },
  {
    title: "gives 100 records when no limit is named",
    async run({ store }) {
      for (const number of numbersTo(101)) await create(store, number);
      const page = await store.records.list();
      assert.equal(page.records.length, 100);
      assert.ok(page.cursor);
    },
  },
  {
    title: "pages through every record exactly once, also when many were created in one instant",
    async run({ store }) {
      for (const number of numbersTo(23))
        await create(store, number, { createdAtMs: startAtMs + Math.floor(number / 10) });
      const pages = await pagesOf(store, { limit: 5 });
      assert.deepEqual(
        pages.map((page) => page.length),
        [5, 5, 5, 5, 3],
      );
      assert.equal(new Set(pages.flat()).size, 23);
    },
  },
  {
    title: "names no further page when the last one is full",
    async run({ store }) {
      for (const number of numbersTo(4)) await create(store, number);
      assert.deepEqual(
        (await pagesOf(store, { limit: 2 })).map((page) => page.length),
        [2, 2],
      );
    },
  },
  {
    title: "neither repeats nor skips a record when others come and go between pages",
    async run({ store }) {
      for (const number of numbersTo(6)) await create(store, number);
      const first = await store.records.list({ limit: 3 });
      for (const number of [7, 8]) await create(store, number);
      await store.records.remove("ses_0004");
      assert.deepEqual(await listed(store, { limit: 3, after: first.cursor as string }), [3, 2, 1]);
    },
  },
  {
    title: "lists the sessions of one provider",
    async run({ store }) {
      for (const number of numbersTo(6)) await create(store, number, { providerId: number % 2 ? "odd" : "even" });
      assert.deepEqual(await listed(store, { providerId: "odd" }), [5, 3, 1]);
      assert.deepEqual(await listed(store, { providerId: "none" }), []);
    },
  },
  {
    title: "lists the sessions in any of the given states, as last saved",
    async run({ store }) {
      const states: readonly SessionState[] = ["created", "connected", "failed"];
      for (const number of numbersTo(6)) await create(store, number, {}, states[number % 3]);
      assert.deepEqual(await listed(store, { states: ["connected", "failed"] }), [5, 4, 2, 1]);
      const record = await store.records.get("ses_0005");
      assert.ok(record);
      await store.records.save({ ...record, lifecycle: { ...record.lifecycle, state: "terminated" } }, []);
      assert.deepEqual(await listed(store, { states: ["connected", "failed"] }), [4, 2, 1]);
      assert.deepEqual(await listed(store, { states: [] }), []);
    },
  },
  {
    title: "pages through a filtered list exactly once",
    async run({ store }) {
      for (const number of numbersTo(20))
        await create(store, number, { providerId: number % 2 ? "odd" : "even" }, number % 3 ? "connected" : "failed");
      const pages = await pagesOf(store, { providerId: "odd", states: ["connected"], limit: 2 });
      assert.deepEqual(
        pages.flat().map((id) => Number(id.slice(4))),
        [19, 17, 13, 11, 7, 5, 1],
      );
      assert.deepEqual(
        pages.map((page) => page.length),
        [2, 2, 2, 1],
      );
    },
  },
];
