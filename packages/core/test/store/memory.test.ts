import { describe, expect, test } from "vitest";
import { newSnapshot } from "../../src/lifecycle/snapshot.js";
import { memoryStore } from "../../src/store/memory.js";

const record = {
  id: "ses_1",
  providerId: "example",
  settings: {},
  lifecycle: newSnapshot(0),
  epoch: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
};

// The store's whole contract is tested by the conformance suite, in its own package.
describe("the memory store", () => {
  test("keeps what it holds over closing and opening, so that a test can play a restart", async () => {
    const store = memoryStore();
    await store.open();
    await store.records.create(record, []);
    await store.close();
    await expect(store.records.get("ses_1")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await store.open();
    expect((await store.records.get("ses_1"))?.revision).toBe(1);
  });

  test("shares nothing with another memory store", async () => {
    const [one, other] = [memoryStore(), memoryStore()];
    await one.open();
    await other.open();
    await one.records.create(record, []);
    expect((await other.records.list()).records).toEqual([]);
  });

  test("keeps nothing of a save that cannot be copied", async () => {
    const store = memoryStore();
    await store.open();
    const created = await store.records.create(record, []);
    await expect(store.records.save({ ...created, settings: { wrong: 1n as never } }, [])).rejects.toThrow(TypeError);
    expect(await store.records.get("ses_1")).toEqual(created);
  });
});
