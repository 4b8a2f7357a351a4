import assert from "node:assert/strict";
import { failsWith } from "./expect.js";
import { startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";
import {
  conversationWith,
  everyMessage,
  idsOf,
  newConversation,
  plainMessage,
  seqsOf,
  transcriptCase,
} from "./transcript-samples.js";

const atMs = startAtMs + 1_000;

export const transcriptCopyCases: readonly StoreCase[] = [
  transcriptCase("copies a conversation with its messages, and the copy lives on its own", async (transcripts) => {
    const messages = await conversationWith(transcripts, "cnv_1", 3, { ownerId: "ann" });
    const copy = await transcripts.copy("cnv_1", {
      id: "cnv_2",
      atMs,
      title: "Copy",
      metadata: { priority: null, mine: true },
    });
    assert.deepEqual(copy, {
      ...(await transcripts.get("cnv_1")),
      id: "cnv_2",
      title: "Copy",
      metadata: { category: "travel", customer: { tier: "gold" }, tags: ["a", "b"], nothing: null, mine: true },
      lineage: { copiedFrom: "cnv_1" },
      createdAtMs: atMs,
      updatedAtMs: atMs,
    });
    assert.deepEqual(
      await everyMessage(transcripts, "cnv_2"),
      messages.map((message) => ({ ...message, conversationId: "cnv_2" })),
    );
    await transcripts.append("cnv_2", [plainMessage("msg_4", "Only here")], { atMs });
    await transcripts.change("cnv_2", "msg_1", { content: "Changed" }, { atMs });
    await transcripts.remove("cnv_1");
    assert.deepEqual(
      (await everyMessage(transcripts, "cnv_2")).map(({ content }) => content),
      ["Changed", "Text of msg_2", "Text of msg_3", "Only here"],
    );
    assert.deepEqual(
      (await transcripts.search({ text: "msg_2" })).map(({ conversation }) => conversation.id),
      ["cnv_2"],
    );
    assert.deepEqual(
      idsOf((await transcripts.list({ where: [{ path: "mine", equals: true }], ownerId: "ann" })).conversations),
      ["cnv_2"],
    );
  }),
  transcriptCase("forks a conversation at a message, which goes on from there", async (transcripts) => {
    await conversationWith(transcripts, "cnv_1", 5);
    const fork = await transcripts.fork("cnv_1", 3, { id: "cnv_2", atMs });
    assert.deepEqual([fork.lineage, fork.messageCount, fork.lastSeq], [{ copiedFrom: "cnv_1", forkedAtSeq: 3 }, 3, 3]);
    assert.deepEqual(seqsOf(await transcripts.append("cnv_2", [plainMessage("msg_x", "Else")], { atMs })), [4]);
    assert.deepEqual(idsOf(await everyMessage(transcripts, "cnv_2")), ["msg_1", "msg_2", "msg_3", "msg_x"]);
    assert.equal((await transcripts.get("cnv_1"))?.messageCount, 5);
    await failsWith("STORE_CONFLICT", () => transcripts.fork("cnv_1", 3, { id: "cnv_2", atMs }));
    await failsWith("SESSION_NOT_FOUND", () => transcripts.fork("cnv_9", 3, { id: "cnv_3", atMs }));
    await failsWith("SESSION_NOT_FOUND", () => transcripts.copy("cnv_9", { id: "cnv_3", atMs }));
  }),
  transcriptCase(
    "merges conversations by time, each in its own order, and reports what was missing",
    async (transcripts) => {
      const fill = async (
        id: string,
        metadata: Record<string, string>,
        rows: readonly (readonly [id: string, at: number])[],
      ): Promise<void> => {
        await transcripts.create(newConversation(id, { title: id, metadata, context: { [id]: 1 } }));
        await transcripts.append(
          id,
          rows.map(([message, at]) => plainMessage(message, message, { atMs: at })),
          { atMs },
        );
      };
      // The clock of the first went back once; its order stays all the same.
      await fill("cnv_a", { who: "a", only: "a" }, [
        ["a1", 10],
        ["a2", 5],
        ["same", 30],
      ]);
      await fill("cnv_b", { who: "b" }, [
        ["b1", 10],
        ["b2", 20],
        ["same", 40],
        ["b4", 50],
      ]);
      const { conversation, missing, duplicateCount } = await transcripts.merge(["cnv_a", "gone", "cnv_b", "cnv_a"], {
        id: "cnv_m",
        atMs,
      });
      assert.deepEqual([missing, duplicateCount], [["gone"], 1]);
      assert.deepEqual(
        [
          conversation.title,
          conversation.metadata,
          conversation.context,
          conversation.lineage,
          conversation.messageCount,
        ],
        ["cnv_a", { who: "b", only: "a" }, { cnv_a: 1, cnv_b: 1 }, { mergedFrom: ["cnv_a", "cnv_b"] }, 6],
      );
      assert.deepEqual(
        (await everyMessage(transcripts, "cnv_m")).map(({ seq, id, sourceId }) => `${seq} ${id} ${sourceId}`),
        ["1 a1 cnv_a", "2 a2 cnv_a", "3 b1 cnv_b", "4 b2 cnv_b", "5 same cnv_a", "6 b4 cnv_b"],
      );
      const first = await transcripts.merge(
        ["cnv_a", "cnv_b"],
        { id: "cnv_f", atMs },
        { metadata: "first", context: "none" },
      );
      assert.deepEqual([first.conversation.metadata, first.conversation.context], [{ who: "a", only: "a" }, {}]);
      assert.equal((await transcripts.search({ text: "b4", conversationId: "cnv_m" })).length, 1);
      await failsWith("SESSION_NOT_FOUND", () => transcripts.merge(["gone"], { id: "cnv_g", atMs }));
      await failsWith("STORE_CONFLICT", () => transcripts.merge(["cnv_a"], { id: "cnv_b", atMs }));
      assert.deepEqual((await transcripts.page("cnv_b")).messages.length, 4);
      const own = await transcripts.merge(["cnv_a", "cnv_new"], { id: "cnv_new", atMs });
      assert.deepEqual(own.missing, ["cnv_new"], "what the merge itself makes was not there before");
    },
  ),
];
