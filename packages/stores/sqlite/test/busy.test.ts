import { join } from "node:path";
import { newSnapshot, type SessionRecord, type Store } from "@colloquy/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseDriver } from "../src/driver/choose.js";
import type { Connection } from "../src/driver/driver.js";
import { sqliteStore } from "../src/index.js";
import { scratchFolder } from "./scratch.js";

const record: Omit<SessionRecord, "revision"> = {
  id: "ses_1",
  providerId: "example",
  settings: {},
  lifecycle: newSnapshot(0),
  epoch: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
};

/** A store, and another connection to its file that can hold the lock. */
async function contended(busyTimeoutMs: number): Promise<{ readonly store: Store; readonly holder: Connection }> {
  const path = join(await scratchFolder(), "store.db");
  const store = sqliteStore({ path, busyTimeoutMs });
  await store.open();
  const holder = (await chooseDriver()).open(path);
  onTestFinished(async () => {
    holder.close();
    await store.close();
  });
  return { store, holder };
}

describe("a database that another process has locked", () => {
  test("is waited for, without stopping this process, and then written", async () => {
    const { store, holder } = await contended(300);
    holder.exec("BEGIN IMMEDIATE");
    const created = store.records.create(record, []);
    // Runs only when the store lets this process go on between its attempts.
    setImmediate(() => holder.exec("ROLLBACK"));
    expect((await created).revision).toBe(1);
  });

  test("gives STORE_UNAVAILABLE, worth a try later, when it stays locked", async () => {
    const { store, holder } = await contended(0);
    holder.exec("BEGIN IMMEDIATE");
    await expect(store.records.create(record, [])).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      retryable: true,
      message: expect.stringContaining("locked"),
    });
    holder.exec("ROLLBACK");
    expect((await store.records.create(record, [])).revision).toBe(1);
  });

  test("can still be read", async () => {
    const { store, holder } = await contended(0);
    await store.records.create(record, []);
    holder.exec("BEGIN IMMEDIATE");
    expect((await store.records.get("ses_1"))?.revision).toBe(1);
    holder.exec("ROLLBACK");
  });
});
