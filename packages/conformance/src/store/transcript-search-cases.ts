import assert from "node:assert/strict";
import type { TranscriptSearch, TranscriptStore } from "@colloquy/core";
import { failsWith } from "./expect.js";
import { startAtMs } from "./samples.js";
import type { StoreCase } from "./store-case.js";
import { newConversation, plainMessage, transcriptCase } from "./transcript-samples.js";

async function fill(transcripts: TranscriptStore): Promise<void> {
  await transcripts.create(newConversation("cnv_1", { title: "Café in Oslo", ownerId: "ann's" }));
  await transcripts.create(newConversation("cnv_2", { title: "Zoo", ownerId: "bob", expiresAtMs: startAtMs + 5 }));
  await transcripts.append(
    "cnv_1",
    [
      plainMessage(
        "long",
        `The ferry leaves at noon. ${"Nothing else happens here. ".repeat(20)}Then the ferry comes back.`,
      ),
      plainMessage("short", "Ferry, ferry: the ferry!"),
      plainMessage("other", "Straßenbahn und naïve Züge; 東京タワーへ行く"),
    ],
    { atMs: startAtMs },
  );
  await transcripts.append("cnv_2", [plainMessage("zoo", 'No ferry goes to the cafe, said the "zoo" keeper')], {
    atMs: startAtMs,
  });
}

const found = async (transcripts: TranscriptStore, query: TranscriptSearch): Promise<readonly string[]> =>
  (await transcripts.search(query)).map(({ message, conversation }) => message?.id ?? conversation.id);

export const transcriptSearchCases: readonly StoreCase[] = [
  transcriptCase("finds all words of a search in titles and messages, the best first", async (transcripts) => {
    await fill(transcripts);
    assert.equal((await found(transcripts, { text: "ferry" }))[0], "short");
    const finds = async (text: string): Promise<readonly string[]> => (await found(transcripts, { text })).toSorted();
    assert.deepEqual(await finds("FERRY"), ["long", "short", "zoo"]);
    assert.deepEqual(await finds("cafe"), ["cnv_1", "zoo"]);
    assert.deepEqual(await finds("ferry keeper"), ["zoo"]);
    assert.deepEqual(await finds('"ferry comes back"'), ["long"]);
    assert.deepEqual(await finds('"comes ferry"'), []);
    assert.deepEqual(await finds("fer"), []);
    assert.deepEqual(await finds("fer*"), ["long", "short", "zoo"]);
    assert.deepEqual(await finds("NAIVE zuge"), ["other"]);
    assert.deepEqual(await finds("東京"), ["other"]);
    assert.deepEqual(await finds("京東"), []);
    assert.deepEqual(await finds("ferry OR naive"), []);
    await failsWith("INPUT_INVALID", () => transcripts.search({ text: ' "*" ' }));
  }),
  transcriptCase("searches within an owner, a conversation, titles or messages, up to a limit", async (transcripts) => {
    await fill(transcripts);
    assert.deepEqual(await found(transcripts, { text: "cafe", ownerId: "ann's" }), ["cnv_1"]);
    assert.deepEqual(await found(transcripts, { text: "ferry", ownerId: "ann" }), []);
    assert.deepEqual(await found(transcripts, { text: "ferry", conversationId: "cnv_2" }), ["zoo"]);
    assert.deepEqual(await found(transcripts, { text: "ferry", conversationId: "cnv_9" }), []);
    assert.deepEqual(await found(transcripts, { text: "cafe", scope: "titles" }), ["cnv_1"]);
    assert.deepEqual(await found(transcripts, { text: "cafe", scope: "messages" }), ["zoo"]);
    assert.equal((await found(transcripts, { text: "ferry", limit: 2 })).length, 2);
    assert.deepEqual(await found(transcripts, { text: "cafe", aliveAtMs: startAtMs + 5 }), ["cnv_1"]);
    await transcripts.update("cnv_1", { title: "Tea house" }, { atMs: startAtMs });
    assert.deepEqual(await found(transcripts, { text: "cafe", scope: "titles" }), []);
    assert.deepEqual(await found(transcripts, { text: "tea" }), ["cnv_1"]);
  }),
  transcriptCase("shows a passage around what was found, and where in it", async (transcripts) => {
    await fill(transcripts);
    const [hit] = await transcripts.search({ text: "back" });
    assert.ok(hit);
    assert.ok(hit.snippet.length < 250 && hit.snippet.startsWith("…"), hit.snippet);
    assert.deepEqual(
      hit.highlights.map(([start, end]) => hit.snippet.slice(start, end)),
      ["back"],
    );
    assert.deepEqual([hit.conversation.title, hit.message?.id], ["Café in Oslo", "long"]);
    const [title] = await transcripts.search({ text: "cafe", scope: "titles" });
    assert.deepEqual([title?.snippet, title?.highlights, title?.message], ["Café in Oslo", [[0, 4]], undefined]);
  }),
];
