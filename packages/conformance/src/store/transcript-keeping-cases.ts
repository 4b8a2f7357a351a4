import assert from "node:assert/strict";
import type { TranscriptStore } from "@colloquy/core";
import { failsWith, numbersTo } from "./expect.js";
import { startAtMs } from "./samples.js";
import type { StoreCase, StoreCaseContext } from "./store-case.js";
import {
  conversationWith,
  everyMessage,
  newConversation,
  plainMessage,
  seqsOf,
  transcriptCase,
  transcriptsOf,
} from "./transcript-samples.js";

const atMs = startAtMs + 1;
const secretText = "the word that nobody else may read: xylophone";

async function withOther(
  { reopen }: StoreCaseContext,
  check: (other: TranscriptStore) => Promise<void>,
): Promise<void> {
  assert.ok(reopen, "A store that promises this must give `reopen` to the suite.");
  const other = await reopen();
  await other.open();
  try {
    await check(transcriptsOf(other));
  } finally {
    await other.close();
  }
}

const needs = (one: StoreCase, isMade: NonNullable<StoreCase["promise"]>["isMade"], otherwise: string): StoreCase => ({
  ...one,
  promise: {
    isMade: (manifest) => one.promise?.isMade(manifest) === true && isMade(manifest),
    otherwise,
  },
});

export const transcriptKeepingCases: readonly StoreCase[] = [
  transcriptCase(
    "hides an encrypted conversation from filters and search, and gives it whole to who names it",
    async (transcripts, { manifest }) => {
      const isPossible = manifest.encryptsSecrets || manifest.durability === "none";
      if (!isPossible) {
        await failsWith("CONFIG_INVALID", () => transcripts.create(newConversation("cnv_1", { isEncrypted: true })));
        return;
      }
      const messages = await conversationWith(transcripts, "cnv_1", 2, { isEncrypted: true, title: "Secret plan" });
      assert.deepEqual(await everyMessage(transcripts, "cnv_1"), messages);
      assert.deepEqual((await transcripts.search({ text: "text" })).length, 0);
      assert.deepEqual((await transcripts.list({ where: [{ path: "category", equals: "travel" }] })).conversations, []);
      assert.deepEqual((await transcripts.list({ titleContains: "secret" })).conversations, []);
      const [listed] = (await transcripts.list()).conversations;
      assert.deepEqual([listed?.title, listed?.isEncrypted], ["Secret plan", true]);
      const fork = await transcripts.fork("cnv_1", 1, { id: "cnv_2", atMs });
      assert.deepEqual([fork.isEncrypted, fork.messageCount], [true, 1]);
      const open = await transcripts.merge(["cnv_1"], { id: "cnv_3", atMs, isEncrypted: false });
      assert.deepEqual(
        [open.conversation.isEncrypted, (await transcripts.search({ text: "msg_2" })).length],
        [false, 1],
      );
      await transcripts.change("cnv_1", "msg_1", { content: "Edited" }, { atMs });
      assert.equal((await transcripts.message("cnv_1", "msg_1"))?.content, "Edited");
    },
  ),
  needs(
    transcriptCase(
      "leaves nothing of an encrypted conversation readable in what is stored",
      async (transcripts, { store, stored }) => {
        assert.ok(stored, "A store that promises encryption must give `stored` to the suite.");
        await transcripts.create(
          newConversation("cnv_1", { isEncrypted: true, title: secretText, metadata: { xylophone: "xylophone" } }),
        );
        await transcripts.append("cnv_1", [plainMessage("msg_1", secretText)], { atMs });
        await transcripts.update("cnv_1", { context: { note: secretText } }, { atMs });
        await store.close();
        for (const bytes of await stored()) assert.equal(Buffer.from(bytes).includes("xylophone"), false);
      },
    ),
    ({ encryptsSecrets }) => encryptsSecrets,
    "the store does not encrypt secrets",
  ),
  needs(
    transcriptCase(
      "gives transcripts back after it was closed and opened anew, and goes on counting",
      async (transcripts, context) => {
        const messages = await conversationWith(transcripts, "cnv_1", 3);
        await transcripts.append("cnv_1", [plainMessage("msg_4", "x")], { atMs, operationId: "op_1" });
        const before = await transcripts.get("cnv_1");
        await context.store.close();
        await withOther(context, async (again) => {
          assert.deepEqual(await again.get("cnv_1"), before);
          assert.deepEqual((await everyMessage(again, "cnv_1")).slice(0, 3), messages);
          assert.deepEqual(
            seqsOf(await again.append("cnv_1", [plainMessage("msg_4", "x")], { atMs, operationId: "op_1" })),
            [4],
          );
          assert.deepEqual(seqsOf(await again.append("cnv_1", [plainMessage("msg_5", "y")], { atMs })), [5]);
          assert.equal((await again.search({ text: "msg_2" })).length, 1);
        });
      },
    ),
    ({ durability }) => durability !== "none",
    "the store does not outlive its process",
  ),
  needs(
    transcriptCase("loses nothing when two openings append and change at once", async (transcripts, context) => {
      await transcripts.create(newConversation("cnv_1", { metadata: {} }));
      await withOther(context, async (other) => {
        const both = [
          ["a", transcripts],
          ["b", other],
        ] as const;
        await Promise.all(
          numbersTo(10).flatMap((number) =>
            both.flatMap(([name, one]) => [
              one.append("cnv_1", [plainMessage(`${name}_${number}`, "x")], { atMs }),
              one.update("cnv_1", { metadata: { [`${name}_${number}`]: number } }, { atMs }),
            ]),
          ),
        );
        const messages = await everyMessage(other, "cnv_1");
        assert.deepEqual(seqsOf(messages), numbersTo(20));
        assert.equal(Object.keys((await transcripts.get("cnv_1"))?.metadata ?? {}).length, 20);
      });
    }),
    ({ shared }) => shared,
    "the store is for one process alone",
  ),
];
