import assert from "node:assert/strict";
import type { ConversationQuery, MetadataCondition, TranscriptStore } from "@colloquy/core";
import { failsWith, numbersTo } from "./expect.js";
import { startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";
import { idsOf, newConversation, plainMessage, transcriptCase } from "./transcript-samples.js";

const listed = async (transcripts: TranscriptStore, query?: ConversationQuery): Promise<readonly string[]> =>
  idsOf((await transcripts.list(query)).conversations);

async function pagesOf(
  transcripts: TranscriptStore,
  query: ConversationQuery,
): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  for (let after: string | undefined; pages.length < 1_000; ) {
    const page = await transcripts.list({ ...query, ...(after === undefined ? {} : { after }) });
    pages.push(idsOf(page.conversations));
    after = page.cursor;
    if (after === undefined) return pages;
  }
  throw new Error("Paging does not end.");
}

const samples = {
  cnv_a: {
    kind: "order",
    total: 10,
    customer: { tier: "gold", name: "Ann" },
    tags: ["x", "y"],
    open: true,
    "dot.ted": 1,
  },
  cnv_b: { kind: "order", total: 10.5, customer: { tier: "silver" }, tags: [], open: false },
  cnv_c: { kind: "offer", total: "10", customer: {}, note: null },
  cnv_d: { kind: "Order", total: -3, customer: { tier: "golden" }, note: "é\u{1f600}" },
} as const;

const conditions: readonly (readonly [MetadataCondition, readonly string[]])[] = [
  [{ path: "kind", equals: "order" }, ["cnv_a", "cnv_b"]],
  [{ path: "total", equals: 10 }, ["cnv_a"]],
  [{ path: "total", equals: "10" }, ["cnv_c"]],
  [{ path: "open", equals: true }, ["cnv_a"]],
  [{ path: "open", equals: 1 }, []],
  [{ path: "note", equals: null }, ["cnv_c"]],
  [{ path: "customer.tier", equals: "gold" }, ["cnv_a"]],
  [{ path: "dot.ted", equals: 1 }, ["cnv_a"]],
  [{ path: "tags", equals: "y" }, ["cnv_a"]],
  [{ path: "kind", in: ["offer", "Order", 7] }, ["cnv_c", "cnv_d"]],
  [{ path: "kind", in: [] }, []],
  [{ path: "note", exists: true }, ["cnv_c", "cnv_d"]],
  [{ path: "note", exists: false }, ["cnv_a", "cnv_b"]],
  [{ path: "tags", exists: true }, ["cnv_a", "cnv_b"]],
  [{ path: "customer.tier", exists: false }, ["cnv_c"]],
  [{ path: "total", atLeast: 0 }, ["cnv_a", "cnv_b"]],
  [{ path: "total", atLeast: -3, below: 10.5 }, ["cnv_a", "cnv_d"]],
  [{ path: "total", below: 0 }, ["cnv_d"]],
  [{ path: "customer.tier", atLeast: "golden" }, ["cnv_b", "cnv_d"]],
  [{ path: "customer.tier", below: "golden" }, ["cnv_a"]],
  [{ path: "customer.tier", startsWith: "gold" }, ["cnv_a", "cnv_d"]],
  [{ path: "note", startsWith: "é" }, ["cnv_d"]],
];

export const transcriptListCases: readonly StoreCase[] = [
  transcriptCase(
    "lists conversations with the last changed first, in pages that meet without gap",
    async (transcripts) => {
      for (const number of numbersTo(7))
        await transcripts.create(
          newConversation(`cnv_${number}`, {
            updatedAtMs: startAtMs + (number % 3),
            ownerId: number > 4 ? "ann" : "bob",
          }),
        );
      assert.deepEqual(await pagesOf(transcripts, { limit: 3 }), [
        ["cnv_5", "cnv_2", "cnv_7"],
        ["cnv_4", "cnv_1", "cnv_6"],
        ["cnv_3"],
      ]);
      assert.deepEqual(await pagesOf(transcripts, { limit: 2, ownerId: "ann" }), [["cnv_5", "cnv_7"], ["cnv_6"]]);
      await transcripts.append("cnv_3", [plainMessage("msg_1", "x")], { atMs: startAtMs + 9 });
      await transcripts.append("cnv_5", [plainMessage("msg_1", "x")], { atMs: startAtMs - 9 });
      assert.deepEqual(await listed(transcripts, { limit: 2 }), ["cnv_3", "cnv_5"]);
      await failsWith("INPUT_INVALID", () => transcripts.list({ after: "nonsense" }));
    },
  ),
  transcriptCase(
    "filters by metadata: equality, sets, presence, ranges and beginnings, each kind apart",
    async (transcripts) => {
      for (const [id, metadata] of Object.entries(samples)) await transcripts.create(newConversation(id, { metadata }));
      for (const [condition, ids] of conditions)
        assert.deepEqual(
          (await listed(transcripts, { where: [condition] })).toSorted(),
          ids,
          JSON.stringify(condition),
        );
      assert.deepEqual(
        await listed(transcripts, {
          where: [
            { path: "kind", equals: "order" },
            { path: "total", atLeast: 10.1 },
            { path: "note", exists: false },
          ],
        }),
        ["cnv_b"],
      );
      await transcripts.update("cnv_b", { metadata: { kind: "offer", tags: null } }, { atMs: startAtMs });
      assert.deepEqual(
        await listed(transcripts, {
          where: [
            { path: "kind", equals: "offer" },
            { path: "tags", exists: false },
          ],
        }),
        ["cnv_c", "cnv_b"],
      );
      await failsWith("INPUT_INVALID", () => transcripts.list({ where: [{ path: "", equals: 1 }] }));
    },
  ),
  transcriptCase(
    "pages through a filter, with a value that many have and with one that few have",
    async (transcripts) => {
      await Promise.all(
        numbersTo(1_200).map((number) =>
          transcripts.create({
            id: `cnv_${number}`,
            createdAtMs: startAtMs + number,
            metadata: { common: "yes", nth: number % 400 },
          }),
        ),
      );
      const common = await pagesOf(transcripts, { limit: 500, where: [{ path: "common", equals: "yes" }] });
      assert.deepEqual(
        common.map(({ length }) => length),
        [500, 500, 200],
      );
      assert.deepEqual(
        common.flat(),
        numbersTo(1_200)
          .map((number) => `cnv_${number}`)
          .toReversed(),
      );
      const rare = await pagesOf(transcripts, {
        limit: 2,
        where: [
          { path: "common", equals: "yes" },
          { path: "nth", equals: 7 },
        ],
      });
      assert.deepEqual(rare, [["cnv_807", "cnv_407"], ["cnv_7"]]);
    },
  ),
  transcriptCase("finds titles by a part of them, whatever the case", async (transcripts) => {
    for (const [id, title] of [
      ["cnv_1", "Über 100% Ärger_"],
      ["cnv_2", "Plan B"],
      ["cnv_3", ""],
    ] as const)
      await transcripts.create(newConversation(id, { title }));
    assert.deepEqual(await listed(transcripts, { titleContains: "ÜBER 100%" }), ["cnv_1"]);
    assert.deepEqual(await listed(transcripts, { titleContains: "_" }), ["cnv_1"]);
    await transcripts.update("cnv_2", { title: "Plan C" }, { atMs: startAtMs });
    assert.deepEqual(
      [await listed(transcripts, { titleContains: "plan b" }), await listed(transcripts, { titleContains: "plan c" })],
      [[], ["cnv_2"]],
    );
  }),
];
