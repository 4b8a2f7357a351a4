import { limitOf } from "./transcript-check.js";
import type { ConversationId, TranscriptMessage } from "./transcript-rows.js";
import type { TranscriptStore } from "./transcripts.js";

/** `TranscriptStore.read` by means of `page`. */
export async function* readPages(
  store: Pick<TranscriptStore, "page">,
  id: ConversationId,
  { afterSeq = 0, pageSize }: { readonly afterSeq?: number; readonly pageSize?: number } = {},
): AsyncGenerator<TranscriptMessage> {
  const limit = limitOf(pageSize, 500, 10_000);
  for (let after: number | undefined = afterSeq; after !== undefined; ) {
    const page: Awaited<ReturnType<TranscriptStore["page"]>> = await store.page(id, { after, limit });
    yield* page.messages;
    after = page.cursor;
  }
}
