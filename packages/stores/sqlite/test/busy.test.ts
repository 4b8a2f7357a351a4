import { join } from "node:path";
import { newSnapshot, type SessionRecord, type Store } from "@colloquy/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseDriver } from "../src/driver/choose.js";
import type { Connection } from "../src/driver/driver.js";
import { sqliteStore } from "../src/index.js";
import { scratchFolder } from "./scratch.js";

const record: Omit<SessionRecord, "revision"> = { id: "ses_1", providerId: "example", settings: {}, lifecycle: newSnapshot(0), epoch: 1, createdAtMs: 0, updatedAtMs: 0 };

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
  test("is waited for without stopping this process, and then written", async () => {
    const { store, holder } = await contended(0);
    // No wait inside SQLite, but all the patience that 0 allows is one attempt: so give it some.
    const patient = sqliteStore({ path: join(await scratchFolder(), "other.db"), busyTimeoutMs: 1 });
    await patient.open();
    await patient.close();
    holder.exec("BEGIN IMMEDIATE");
    await expect(store.records.create(record, [])).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true, message: expect.stringContaining("locked") });
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
