import assert from "node:assert/strict";
import { failsWith, numbersTo, outcomesOf, writable } from "./expect.js";
import { startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";
import {
  conversationWith,
  everyMessage,
  idsOf,
  newConversation,
  newMessage,
  plainMessage,
  seqsOf,
  transcriptCase,
} from "./transcript-samples.js";

const atMs = startAtMs + 1;

export const transcriptMessageCases: readonly StoreCase[] = [
  transcriptCase("numbers messages from 1 for each conversation and gives them back whole", async (transcripts) => {
    await transcripts.create(newConversation("cnv_1"));
    const given = [newMessage("msg_1"), plainMessage("msg_2", "a\0b \ud800 \u{1f469}\u200d\u{1f467} \"'\\\n")];
    const rows = await transcripts.append("cnv_1", given, { atMs });
    assert.deepEqual(rows, [
      { ...given[0], conversationId: "cnv_1", seq: 1, revision: 1 },
      { ...given[1], status: "complete", conversationId: "cnv_1", seq: 2, revision: 1 },
    ]);
    assert.deepEqual((await transcripts.page("cnv_1")).messages, rows);
    assert.deepEqual(await transcripts.message("cnv_1", "msg_2"), rows[1]);
    assert.equal(await transcripts.message("cnv_1", "msg_3"), undefined);
    const { messageCount, lastSeq, updatedAtMs, revision } = (await transcripts.get("cnv_1")) ?? assert.fail();
    assert.deepEqual([messageCount, lastSeq, updatedAtMs, revision], [2, 2, atMs, 1]);
    await failsWith("SESSION_NOT_FOUND", () => transcripts.append("cnv_gone", given, { atMs }));
    await failsWith("INPUT_INVALID", () => transcripts.append("cnv_1", [plainMessage("", "x")], { atMs }));
  }),
  transcriptCase("loses no append when calls race, and numbers them without gaps", async (transcripts) => {
    await transcripts.create(newConversation("cnv_1"));
    await Promise.all(
      numbersTo(25).map((number) =>
        transcripts.append("cnv_1", [plainMessage(`a_${number}`, "x"), plainMessage(`b_${number}`, "y")], { atMs }),
      ),
    );
    const messages = await everyMessage(transcripts, "cnv_1");
    assert.deepEqual(seqsOf(messages), numbersTo(50));
    // What one call adds stays together.
    for (const [index, { id }] of messages.entries())
      if (index % 2 === 1) assert.equal(id, messages[index - 1]?.id.replace("a", "b"));
  }),
  transcriptCase(
    "leaves a message alone whose id the conversation has, and gives back the one it has",
    async (transcripts) => {
      await conversationWith(transcripts, "cnv_1", 2);
      await transcripts.create(newConversation("cnv_2"));
      const rows = await transcripts.append(
        "cnv_1",
        [plainMessage("msg_2", "Another"), plainMessage("msg_3", "New"), plainMessage("msg_3", "Again")],
        { atMs },
      );
      assert.deepEqual(
        rows.map(({ seq, content }) => `${seq} ${content}`),
        ["2 Text of msg_2", "3 New", "3 New"],
      );
      assert.deepEqual(seqsOf(await transcripts.append("cnv_1", [plainMessage("msg_4", "x")], { atMs })), [4]);
      assert.equal((await transcripts.get("cnv_1"))?.messageCount, 4);
      assert.deepEqual(seqsOf(await transcripts.append("cnv_2", [plainMessage("msg_2", "Elsewhere")], { atMs })), [1]);
    },
  ),
  transcriptCase("repeats an operation without effect, and refuses its id for other messages", async (transcripts) => {
    await transcripts.create(newConversation("cnv_1"));
    const append = (content: string) =>
      transcripts.append("cnv_1", [plainMessage("msg_1", content, { metadata: { a: 1, b: 2 } })], {
        atMs,
        operationId: "op_1",
      });
    const rows = await append("Hello");
    await transcripts.change("cnv_1", "msg_1", { content: "Edited" }, { atMs });
    const again = await transcripts.append("cnv_1", [{ metadata: { b: 2, a: 1 }, ...plainMessage("msg_1", "Hello") }], {
      atMs: atMs + 1,
      operationId: "op_1",
    });
    assert.deepEqual([idsOf(again), again[0]?.content, seqsOf(rows)], [["msg_1"], "Edited", [1]]);
    await failsWith("STORE_CONFLICT", () => append("Other"));
    const raced = await outcomesOf(
      numbersTo(4).map(() => transcripts.append("cnv_1", [plainMessage("msg_2", "x")], { atMs, operationId: "op_2" })),
    );
    assert.deepEqual(
      raced.map((outcome) => (typeof outcome === "string" ? outcome : outcome[0]?.seq)),
      [2, 2, 2, 2],
    );
    assert.equal((await transcripts.get("cnv_1"))?.messageCount, 2);
  }),
  transcriptCase("pages forward, backward and from any message, each message once", async (transcripts) => {
    await conversationWith(transcripts, "cnv_1", 10);
    await transcripts.removeMessages("cnv_1", ["msg_4"], { atMs });
    const pages = async (from: "oldest" | "newest"): Promise<readonly (readonly number[])[]> => {
      const all: (readonly number[])[] = [];
      for (let after: number | undefined; all.length < 10; ) {
        const page = await transcripts.page("cnv_1", { from, limit: 4, ...(after === undefined ? {} : { after }) });
        all.push(seqsOf(page.messages));
        after = page.cursor;
        if (after === undefined) break;
      }
      return all;
    };
    assert.deepEqual(await pages("oldest"), [[1, 2, 3, 5], [6, 7, 8, 9], [10]]);
    assert.deepEqual(await pages("newest"), [[7, 8, 9, 10], [2, 3, 5, 6], [1]]);
    assert.deepEqual(seqsOf((await transcripts.page("cnv_1", { after: 4, limit: 2 })).messages), [5, 6]);
    assert.deepEqual(seqsOf((await transcripts.page("cnv_1", { from: "newest", after: 4 })).messages), [1, 2, 3]);
    assert.equal((await transcripts.page("cnv_1", { limit: 9 })).cursor, undefined);
    await failsWith("INPUT_INVALID", () => transcripts.page("cnv_1", { limit: 0 }));
  }),
  transcriptCase("reads a whole conversation in pages, in order, after a number", async (transcripts) => {
    await conversationWith(transcripts, "cnv_1", 7);
    const seqs: number[] = [];
    for await (const { seq } of transcripts.read("cnv_1", { afterSeq: 2, pageSize: 2 })) seqs.push(seq);
    assert.deepEqual(seqs, [3, 4, 5, 6, 7]);
    assert.deepEqual(await everyMessage(transcripts, "cnv_gone"), []);
  }),
  transcriptCase("lets a streaming message grow without disturbing anybody, and settles it", async (transcripts) => {
    await transcripts.create(newConversation("cnv_1"));
    await transcripts.append("cnv_1", [plainMessage("msg_1", "", { role: "assistant", status: "streaming" })], {
      atMs,
    });
    await transcripts.change("cnv_1", "msg_1", { appendText: "Zebras " }, { atMs });
    await transcripts.change("cnv_1", "msg_1", { appendText: "graze." }, { atMs: atMs + 1 });
    assert.equal((await transcripts.message("cnv_1", "msg_1"))?.content, "Zebras graze.");
    assert.deepEqual(await transcripts.search({ text: "zebras" }), []);
    const settled = await transcripts.change(
      "cnv_1",
      "msg_1",
      { status: "complete", model: "example-1", usage: { outputTokens: 4 }, metadata: { a: 1 } },
      { atMs: atMs + 1 },
    );
    assert.deepEqual(
      [settled.status, settled.content, settled.revision, settled.metadata],
      ["complete", "Zebras graze.", 4, { a: 1 }],
    );
    assert.equal((await transcripts.search({ text: "zebras" })).length, 1);
    const { revision, updatedAtMs } = (await transcripts.get("cnv_1")) ?? assert.fail();
    assert.deepEqual([revision, updatedAtMs], [1, atMs + 1]);
    await failsWith("STORE_CONFLICT", () => transcripts.change("cnv_1", "msg_1", { appendText: "!" }, { atMs }));
  }),
  transcriptCase("edits a message of the revision named, and finds it by its new words", async (transcripts) => {
    await conversationWith(transcripts, "cnv_1", 2);
    const edited = await transcripts.change(
      "cnv_1",
      "msg_1",
      { content: "Giraffes", error: { code: "X", message: "y" }, usage: null, metadata: { deep: { er: null } } },
      { atMs, ifRevision: 1 },
    );
    assert.deepEqual(
      [edited.content, edited.revision, edited.error?.code, edited.usage, edited.metadata],
      ["Giraffes", 2, "X", undefined, { rating: null, deep: {} }],
    );
    assert.deepEqual(await transcripts.message("cnv_1", "msg_1"), edited);
    assert.equal((await transcripts.get("cnv_1"))?.revision, 2);
    await failsWith("STORE_CONFLICT", () =>
      transcripts.change("cnv_1", "msg_1", { content: "x" }, { atMs, ifRevision: 1 }),
    );
    await failsWith("REMOTE_NOT_FOUND", () => transcripts.change("cnv_1", "msg_9", { content: "x" }, { atMs }));
    assert.deepEqual(
      [(await transcripts.search({ text: "giraffes" })).length, (await transcripts.search({ text: "msg_1" })).length],
      [1, 0],
    );
  }),
  transcriptCase(
    "removes and pops messages, gives them back, and never gives their numbers again",
    async (transcripts) => {
      await conversationWith(transcripts, "cnv_1", 5);
      assert.deepEqual(idsOf(await transcripts.removeMessages("cnv_1", ["msg_4", "msg_2", "msg_9"], { atMs })), [
        "msg_2",
        "msg_4",
      ]);
      assert.deepEqual(idsOf(await transcripts.pop("cnv_1", 2, { atMs, ifRevision: 2 })), ["msg_3", "msg_5"]);
      await failsWith("STORE_CONFLICT", () => transcripts.pop("cnv_1", 1, { atMs, ifRevision: 2 }));
      assert.deepEqual(await transcripts.search({ text: "msg_5" }), []);
      assert.deepEqual(seqsOf(await transcripts.append("cnv_1", [plainMessage("msg_5", "Again")], { atMs })), [6]);
      const { messageCount, revision, lastSeq } = (await transcripts.get("cnv_1")) ?? assert.fail();
      assert.deepEqual([messageCount, revision, lastSeq], [2, 3, 6]);
    },
  ),
  transcriptCase("keeps what it was given and hands out copies of it", async (transcripts) => {
    const given = { ...newConversation("cnv_1"), metadata: { list: ["kept"] } };
    const message = { ...newMessage("msg_1"), parts: ["kept"] };
    const made = await transcripts.create(given);
    const [row] = await transcripts.append("cnv_1", [message], { atMs });
    given.metadata.list.push("changed");
    message.parts.push("changed");
    writable(made).metadata = { list: "changed" };
    for (const one of [row, (await transcripts.page("cnv_1")).messages[0]]) {
      assert.ok(one);
      writable(one).content = "changed";
      (one.parts as string[]).push("changed");
    }
    assert.deepEqual((await transcripts.get("cnv_1"))?.metadata, { list: ["kept"] });
    assert.deepEqual((await transcripts.message("cnv_1", "msg_1"))?.parts, ["kept"]);
  }),
];
