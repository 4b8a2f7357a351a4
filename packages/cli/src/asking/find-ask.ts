import { type AskRow, ColloquyError, type Store } from "@colloquy/core";
import { usageError } from "../usage-error.js";

const pageSize = 1_000;

/** The one question that is meant: by its id, or by the beginning of its id. */
export async function findAsk(store: Store, reference: string): Promise<AskRow> {
  const exact = await store.asks.get(reference);
  if (exact) return exact;
  const found: AskRow[] = [];
  for await (const row of allAsks(store)) if (row.id.startsWith(reference)) found.push(row);
  const [only] = found;
  if (only === undefined)
    throw new ColloquyError({
      code: "ASK_NOT_FOUND",
      message: `The store holds no question "${reference}".`,
      userAction: "List them with `colloquy asks list --all`, and check --store.",
    });
  if (found.length === 1) return only;
  throw usageError(`"${reference}" names ${found.length} questions.`, "Use more of the id.");
}

/** Every question, oldest first. */
export async function* allAsks(
  store: Store,
  query: Parameters<Store["asks"]["list"]>[0] = {},
): AsyncGenerator<AskRow, void, void> {
  let afterSeq = 0;
  for (;;) {
    const rows = await store.asks.list({ ...query, afterSeq, limit: pageSize });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    afterSeq = last.seq;
  }
}
