import { memoryStore, newSnapshot, type Store } from "@colloquy/core";
import { describe, expect, it } from "vitest";
import { type NamedProviders, neededProviders } from "../src/providers/needed-providers.js";

/** A store with one session of each of these providers. */
async function storeOf(...providerIds: readonly string[]): Promise<Store> {
  const store = memoryStore();
  await store.open();
  for (const providerId of providerIds) {
    const record = { id: `ses_${providerId}`, providerId, settings: {}, lifecycle: newSnapshot(0), epoch: 1 };
    await store.records.create({ ...record, createdAtMs: 0, updatedAtMs: 0 }, []);
  }
  return store;
}

const idsOf = async (store: Store, path: string, named: NamedProviders): Promise<readonly string[]> =>
  (await neededProviders({ store, path }, named, {})).map(({ id }) => id);

describe("the providers that a command needs", () => {
  it("are none where nothing is stored and none is named", async () => {
    expect(await idsOf(await storeOf(), "file.db", [])).toEqual([]);
  });

  it("are those whose sessions are stored and those that are named, whoever else has sessions there", async () => {
    expect(await idsOf(await storeOf("atlus", "another"), "file.db", ["wasender"])).toEqual(["wasender", "atlus"]);
  });

  it("are all of them for who asks for all, and at a server, whose sessions are too many to look through", async () => {
    const all = ["wasender", "atlus", "org-nats"];
    expect(await idsOf(await storeOf(), "file.db", "all")).toEqual(all);
    expect(await idsOf(await storeOf(), "redis://127.0.0.1:6379", [])).toEqual(all);
  });

  it("are not configured where they are not needed, so a bad setting of theirs stops nothing", async () => {
    const environment = { WASENDER_PLAN: "nonsense" };
    await expect(neededProviders({ store: await storeOf(), path: "file.db" }, [], environment)).resolves.toEqual([]);
    await expect(
      neededProviders({ store: await storeOf("wasender"), path: "file.db" }, [], environment),
    ).rejects.toThrow('WASENDER_PLAN is "nonsense".');
  });
});
