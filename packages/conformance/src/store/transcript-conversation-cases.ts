import assert from "node:assert/strict";
import { failsWith, numbersTo, outcomesOf } from "./expect.js";
import { sessionsIn, startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";
import { conversationWith, newConversation, plainMessage, seqsOf, transcriptCase } from "./transcript-samples.js";

const atMs = startAtMs + 1;

export const transcriptConversationCases: readonly StoreCase[] = [
  transcriptCase("creates a conversation with revision 1 and gives it back whole", async (transcripts) => {
    const given = newConversation("cnv_1", {
      ownerId: "ann",
      lineage: { importedFrom: "old.json" },
      expiresAtMs: atMs,
    });
    const made = await transcripts.create(given);
    assert.deepEqual(made, {
      ...given,
      updatedAtMs: startAtMs,
      isEncrypted: false,
      revision: 1,
      messageCount: 0,
      lastSeq: 0,
    });
    assert.deepEqual(await transcripts.get("cnv_1"), made);
    const bare = await transcripts.create({ id: "cnv_2", createdAtMs: startAtMs });
    assert.deepEqual([bare.title, bare.context, bare.metadata, bare.lineage], ["", {}, {}, {}]);
    assert.deepEqual(await transcripts.get("cnv_2"), bare);
    assert.equal(await transcripts.get("cnv_unknown"), undefined);
  }),
  transcriptCase("refuses to create a conversation twice, and one with an id that is none", async (transcripts) => {
    const made = await outcomesOf(
      numbersTo(5).map((number) => transcripts.create(newConversation("cnv_1", { title: `${number}` }))),
    );
    assert.equal(made.filter((outcome) => typeof outcome !== "string").length, 1);
    assert.equal(made.filter((outcome) => outcome === "STORE_CONFLICT").length, 4);
    for (const id of ["", "a\0b", "a\n", "\ud800", "x".repeat(257)])
      await failsWith("INPUT_INVALID", () => transcripts.create(newConversation(id)));
    await transcripts.create(newConversation("../../etc/passwd'; --"));
    assert.equal((await transcripts.list()).conversations.length, 2);
  }),
  transcriptCase(
    "merges metadata and context key by key, nested ones too, and removes a key by null",
    async (transcripts) => {
      await transcripts.create(newConversation("cnv_1"));
      const changed = await transcripts.update(
        "cnv_1",
        {
          title: "Trip to Bergen",
          metadata: { priority: null, customer: { name: "Ann", tier: null }, tags: ["c"] },
          context: { nested: { more: 1 } },
          expiresAtMs: atMs + 5,
        },
        { atMs },
      );
      assert.deepEqual(changed.metadata, { category: "travel", customer: { name: "Ann" }, tags: ["c"], nothing: null });
      assert.deepEqual(changed.context, { system: "Be brief.", nested: { list: [1, "two", null], more: 1 } });
      assert.deepEqual(
        [changed.title, changed.revision, changed.updatedAtMs, changed.expiresAtMs],
        ["Trip to Bergen", 2, atMs, atMs + 5],
      );
      assert.deepEqual(await transcripts.get("cnv_1"), changed);
      const kept = await transcripts.update("cnv_1", { expiresAtMs: null }, { atMs: startAtMs });
      assert.deepEqual([kept.expiresAtMs, kept.updatedAtMs, kept.title], [undefined, atMs, "Trip to Bergen"]);
      await failsWith("SESSION_NOT_FOUND", () => transcripts.update("cnv_gone", { title: "x" }, { atMs }));
    },
  ),
  transcriptCase("keeps every key of concurrent metadata changes", async (transcripts) => {
    await transcripts.create(newConversation("cnv_1", { metadata: {} }));
    await Promise.all(
      numbersTo(20).map((number) => transcripts.update("cnv_1", { metadata: { [`key_${number}`]: number } }, { atMs })),
    );
    const { metadata, revision } = (await transcripts.get("cnv_1")) ?? assert.fail();
    assert.deepEqual([Object.keys(metadata).length, revision], [20, 21]);
  }),
  transcriptCase("lets exactly one change of a revision win, and appends disturb none", async (transcripts) => {
    await transcripts.create(newConversation("cnv_1"));
    await transcripts.append("cnv_1", [plainMessage("msg_1", "Hello")], { atMs });
    const outcomes = await outcomesOf(
      numbersTo(5).map((number) => transcripts.update("cnv_1", { title: `${number}` }, { atMs, ifRevision: 1 })),
    );
    assert.equal(outcomes.filter((outcome) => outcome === "STORE_CONFLICT").length, 4);
    assert.equal((await transcripts.get("cnv_1"))?.revision, 2);
  }),
  transcriptCase("removes a conversation with its messages, and with its session", async (transcripts, { store }) => {
    await sessionsIn(store, "ses_1", "ses_2");
    await conversationWith(transcripts, "cnv_1", 3);
    await conversationWith(transcripts, "cnv_2", 3, { sessionId: "ses_1" });
    await conversationWith(transcripts, "cnv_3", 3, { sessionId: "ses_2" });
    await failsWith("SESSION_NOT_FOUND", () => transcripts.create(newConversation("cnv_4", { sessionId: "ses_gone" })));
    assert.deepEqual([await transcripts.remove("cnv_1"), await transcripts.remove("cnv_1")], [true, false]);
    await store.records.remove("ses_1");
    assert.deepEqual(
      (await transcripts.list()).conversations.map(({ id, sessionId }) => `${id} ${sessionId}`),
      ["cnv_3 ses_2"],
    );
    assert.deepEqual((await transcripts.search({ text: "text" })).length, 3);
    // The same ids again, so that what was left behind would show.
    assert.deepEqual(seqsOf(await conversationWith(transcripts, "cnv_1", 2)), [1, 2]);
    assert.equal((await transcripts.page("cnv_1")).messages.length, 2);
    assert.deepEqual((await transcripts.page("cnv_2")).messages, []);
  }),
  transcriptCase(
    "sweeps what has expired and what was left alone too long, in bounded batches",
    async (transcripts) => {
      for (const number of numbersTo(5))
        await transcripts.create(newConversation(`cnv_${number}`, { expiresAtMs: startAtMs + number }));
      await transcripts.create(newConversation("cnv_old", { ownerId: "ann" }));
      await transcripts.create(newConversation("cnv_bob", { ownerId: "bob" }));
      await transcripts.create(newConversation("cnv_new", { ownerId: "ann", updatedAtMs: startAtMs + 50 }));
      const first = await transcripts.sweep({ nowMs: startAtMs + 3, limit: 2 });
      const second = await transcripts.sweep({ nowMs: startAtMs + 3, limit: 2 });
      assert.deepEqual(
        [first.removed.length, first.hasMore, second.removed.length, second.hasMore],
        [2, true, 1, false],
      );
      const alive = await transcripts.list({ aliveAtMs: startAtMs + 4 });
      assert.equal(
        alive.conversations.some(({ id }) => id === "cnv_4"),
        false,
      );
      const retained = await transcripts.sweep({ nowMs: 0, untouchedSinceMs: startAtMs + 10, ownerId: "ann" });
      assert.deepEqual(retained, { removed: ["cnv_old"], hasMore: false });
      assert.equal((await transcripts.list()).conversations.length, 4);
    },
  ),
];
