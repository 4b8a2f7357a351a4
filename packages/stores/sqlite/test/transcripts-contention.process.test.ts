import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sqliteStore } from "../src/index.js";
import { startChild } from "./children/children.js";
import { scratchFolder } from "./scratch.js";

const names = ["a", "b", "c", "d"];
const count = 300;

test("loses no append of four processes that write to one conversation at once, and tells none of them that it is busy", async () => {
  const folder = await scratchFolder();
  const [path, startFile] = [join(folder, "store.db"), join(folder, "start")];
  const store = sqliteStore(path);
  await store.open();
  await store.transcripts.create({ id: "cnv_1", createdAtMs: 0 });
  let readyCount = 0;
  const children = names.map((name) =>
    startChild("append-transcript", [path, "cnv_1", name, `${count}`, startFile], (line) => {
      if (line === '"ready"' && ++readyCount === names.length) void writeFile(startFile, "");
    }),
  );
  for (const child of children) expect(await child.ended, child.errors()).toEqual({ code: 0, signal: null });

  const ids: string[] = [];
  let seqs = 0;
  for await (const { id, seq } of store.transcripts.read("cnv_1")) {
    ids.push(id);
    expect(seq).toBe(++seqs);
  }
  const expected = names.flatMap((name) => Array.from({ length: count }, (_, index) => `${name}_${index + 1}`));
  expect(ids.toSorted()).toEqual(expected.toSorted());
  const conversation = await store.transcripts.get("cnv_1");
  expect([conversation?.messageCount, Object.keys(conversation?.metadata ?? {}).length]).toEqual([expected.length, 24]);
  expect(await store.transcripts.search({ text: '"number 300"' })).toHaveLength(4);
  await store.close();
});
