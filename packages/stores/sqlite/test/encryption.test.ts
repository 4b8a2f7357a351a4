import { join } from "node:path";
import { newSnapshot, type SessionRecord, type Store } from "@colloquy/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { seal, unseal } from "../src/cipher.js";
import { chooseDriver } from "../src/driver/choose.js";
import { type SqliteStoreOptions, sqliteStore } from "../src/index.js";
import { bytesIn, scratchFolder } from "./scratch.js";

const canary = "made-up-canary-77aa";
const key = "a made-up key of a good length";

const record = (id: string): Omit<SessionRecord, "revision"> => ({
  id,
  providerId: "example",
  settings: {},
  lifecycle: newSnapshot(0),
  epoch: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
});

async function opened(options: SqliteStoreOptions): Promise<Store> {
  const store = sqliteStore(options);
  await store.open();
  onTestFinished(() => store.close());
  return store;
}

/** A closed database with one session and one secret in it. */
async function filled(secretKey?: string): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await scratchFolder();
  const path = join(folder, "store.db");
  const store = await opened({ path, ...(secretKey === undefined ? {} : { secretKey }) });
  await store.records.create(record("ses_1"), []);
  await store.secrets.put("ses_1", { session_key: canary });
  await store.close();
  return { folder, path };
}

async function change(path: string, script: string): Promise<void> {
  const connection = (await chooseDriver()).open(path);
  connection.exec(script);
  connection.close();
}

const holdsCanary = async (folder: string): Promise<boolean> =>
  (await bytesIn(folder)).some((bytes) => Buffer.from(bytes).includes(canary));

/** Everything that an error could print. */
function printed(error: unknown): string {
  return error instanceof Error
    ? `${error.stack} ${JSON.stringify(error)} ${printed(error.cause)}`
    : JSON.stringify(error);
}

describe("a sealed value", () => {
  const sealKey = Buffer.alloc(32, 7);

  test("opens with its key at its place", () => {
    for (const text of ["", canary, "é\0👍"])
      expect(unseal(sealKey, ["ses_1", "name"], seal(sealKey, ["ses_1", "name"], text))).toBe(text);
  });

  test("is another one each time", () => {
    expect(seal(sealKey, ["a"], canary).equals(seal(sealKey, ["a"], canary))).toBe(false);
  });

  test("does not open with another key, at another place, changed, or cut", () => {
    const sealed = seal(sealKey, ["a", "bc"], canary);
    expect(unseal(Buffer.alloc(32, 8), ["a", "bc"], sealed)).toBeUndefined();
    for (const place of [["ab", "c"], ["a"], ["a", "bc", ""]]) expect(unseal(sealKey, place, sealed)).toBeUndefined();
    for (let index = 0; index < sealed.length; index++) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] as number) ^ 1;
      expect(unseal(sealKey, ["a", "bc"], changed), `byte ${index}`).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++)
      expect(unseal(sealKey, ["a", "bc"], sealed.subarray(0, length)), `${length} bytes`).toBeUndefined();
  });
});

describe("secrets with a key", () => {
  test("are found again with the same key, and are nowhere in the files", async () => {
    const { folder, path } = await filled(key);
    expect(await holdsCanary(folder)).toBe(false);
    const store = await opened({ path, secretKey: key });
    expect(await store.secrets.get("ses_1")).toEqual({ session_key: canary });
  });

  for (const [what, secretKey] of [
    ["another key", "another made-up key"],
    ["no key", undefined],
  ] as const)
    test(`cannot be read or added with ${what}; everything else can`, async () => {
      const { path } = await filled(key);
      const store = await opened({ path, ...(secretKey === undefined ? {} : { secretKey }) });
      expect((await store.records.get("ses_1"))?.id).toBe("ses_1");
      for (const attempt of [
        () => store.secrets.get("ses_1"),
        () => store.secrets.put("ses_1", { session_key: "new", other: "new" }),
      ]) {
        const error = await attempt().catch((failure: unknown) => failure);
        expect(error).toMatchObject({ code: "SECRET_UNREADABLE" });
        for (const secret of [canary, key, "another made-up key"]) expect(printed(error)).not.toContain(secret);
      }
      await store.secrets.remove("ses_1");
      expect(await store.secrets.get("ses_1")).toEqual({});
    });

  test("cannot be moved to another session or another name", async () => {
    const { path } = await filled(key);
    const before = await opened({ path, secretKey: key });
    await before.records.create(record("ses_2"), []);
    await before.secrets.put("ses_2", { session_key: "of another" });
    await before.close();
    await change(
      path,
      "UPDATE secrets SET value = (SELECT value FROM secrets WHERE session_id = 'ses_1') WHERE session_id = 'ses_2'",
    );
    const store = await opened({ path, secretKey: key });
    await expect(store.secrets.get("ses_2")).rejects.toMatchObject({ code: "SECRET_UNREADABLE", sessionId: "ses_2" });
    await store.close();
    await change(path, "UPDATE secrets SET name = 'webhook_secret' WHERE session_id = 'ses_1'");
    await store.open();
    await expect(store.secrets.get("ses_1")).rejects.toMatchObject({ code: "SECRET_UNREADABLE", sessionId: "ses_1" });
  });

  test("cannot be replaced in the file by one that is not encrypted", async () => {
    const { path } = await filled(key);
    await change(path, `UPDATE secrets SET cipher = 'none', value = CAST('"planted"' AS BLOB)`);
    const store = await opened({ path, secretKey: key });
    await expect(store.secrets.get("ses_1")).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
  });
});

describe("secrets that were stored without a key", () => {
  test("are readable in the file, as the manifest says", async () => {
    const { folder, path } = await filled();
    expect(await holdsCanary(folder)).toBe(true);
    expect((await opened({ path })).manifest.encryptsSecrets).toBe(false);
  });

  test("are encrypted as soon as the store is opened with a key", async () => {
    const { folder, path } = await filled();
    const store = await opened({ path, secretKey: key });
    expect(await holdsCanary(folder)).toBe(false);
    expect(await store.secrets.get("ses_1")).toEqual({ session_key: canary });
    await store.close();
    expect(await holdsCanary(folder)).toBe(false);
    await expect((await opened({ path })).secrets.get("ses_1")).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
  });

  test("are no longer added once another opening has brought a key", async () => {
    const { path } = await filled();
    const without = await opened({ path });
    await opened({ path, secretKey: key });
    await expect(without.secrets.put("ses_1", { other: canary })).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
  });

  test("get one key when two openings bring different ones at once", async () => {
    const { path } = await filled();
    const stores = ["first made-up key", "second made-up key"].map((secretKey) => sqliteStore({ path, secretKey }));
    const outcomes = await Promise.allSettled(stores.map((store) => store.open()));
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([
      expect.objectContaining({ reason: expect.objectContaining({ code: "SECRET_UNREADABLE" }) }),
    ]);
    expect(await stores[winner]?.secrets.get("ses_1")).toEqual({ session_key: canary });
    for (const store of stores) await store.close();
  });
});

test("COLLOQUY_SECRET_KEY encrypts when no key is given", async () => {
  const before = process.env["COLLOQUY_SECRET_KEY"];
  onTestFinished(() => {
    if (before === undefined) delete process.env["COLLOQUY_SECRET_KEY"];
    else process.env["COLLOQUY_SECRET_KEY"] = before;
  });
  process.env["COLLOQUY_SECRET_KEY"] = key;
  const { folder, path } = await filled();
  expect(await holdsCanary(folder)).toBe(false);
  expect(await (await opened({ path, secretKey: key })).secrets.get("ses_1")).toEqual({ session_key: canary });
});
