import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newSnapshot } from "@colloquy/core";
import { expect, test } from "vitest";
import { sqliteStore } from "../src/index.js";
import { startChild } from "./children/children.js";
import { scratchFolder } from "./scratch.js";

const names = ["a", "b", "c", "d"];

test("loses no write of four processes that write to one session at once, and tells none of them that it is busy", async () => {
  const folder = await scratchFolder();
  const [path, startFile] = [join(folder, "store.db"), join(folder, "start")];
  const count = 300;
  const store = sqliteStore(path);
  await store.open();
  await store.records.create(
    {
      id: "ses_1",
      providerId: "example",
      settings: {},
      lifecycle: newSnapshot(0),
      epoch: 1,
      createdAtMs: 0,
      updatedAtMs: 0,
    },
    [],
  );

  let readyCount = 0;
  const children = names.map((name) =>
    startChild("append", [path, "ses_1", name, `${count}`, startFile], (line) => {
      if (line === '"ready"' && ++readyCount === names.length) void writeFile(startFile, "");
    }),
  );
  for (const child of children) expect(await child.ended, child.errors()).toEqual({ code: 0, signal: null });

  const expected = names
    .flatMap((name) => Array.from({ length: count }, (_, index) => `${name}_${index + 1}`))
    .toSorted();
  const log = await store.log.read("ses_1", { limit: 10_000 });
  expect(log.map(({ seq }) => seq)).toEqual(expected.map((_, index) => index + 1));
  expect(log.map(({ event }) => event).toSorted()).toEqual(expected);
  const outbox = await store.outbox.list("ses_1", { limit: 10_000 });
  expect(outbox.map(({ seq }) => seq)).toEqual(expected.map((_, index) => index + 1));
  expect(outbox.map(({ id }) => id.slice(4)).toSorted()).toEqual(expected);
  expect((await store.records.get("ses_1"))?.revision).toBe(1 + expected.length);
  await store.close();
});

test("lets four processes make, migrate and close the same new databases at once", async () => {
  const folder = await scratchFolder();
  const count = 10;
  const children = names.map((name) => startChild("open-many", [folder, name, `${count}`]));
  for (const child of children) expect(await child.ended, child.errors()).toEqual({ code: 0, signal: null });
  for (let number = 1; number <= count; number++) {
    const path = join(folder, `${number}.db`);
    const store = sqliteStore({ path, secretKey: "made-up key" });
    await store.open();
    expect((await store.records.list()).records.map(({ id }) => id).toSorted()).toEqual(
      names.map((name) => `ses_${name}`),
    );
    for (const name of names) expect(await store.secrets.get(`ses_${name}`)).toEqual({ session_key: name });
    await store.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }
});

test("prints nothing, not even that SQLite is experimental", async () => {
  const child = startChild("open-many", [await scratchFolder(), "a", "1"]);
  expect(await child.ended).toEqual({ code: 0, signal: null });
  expect([child.lines, child.errors()]).toEqual([['"done"'], ""]);
});
