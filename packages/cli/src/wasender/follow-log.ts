import { setTimeout as pause } from "node:timers/promises";
import type { MessageLogRow, Page } from "@colloquy/wasender";

export interface FollowOptions {
  readonly everyMs: number;
  /** Ends the log. */
  readonly signal: AbortSignal;
  /** For tests: waits as long as told. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

type Pages = (size: { readonly perPage: number }) => AsyncIterable<Page<MessageLogRow>>;

const perPage = 50;

/**
 * The newest page, then every row that is new or has another status than before, oldest first. The provider has no other way
 * to hear of it than to read again; pages are read until one holds nothing new.
 */
export async function* followLog(pages: Pages, options: FollowOptions): AsyncGenerator<MessageLogRow> {
  const { everyMs, signal, wait = waitFor } = options;
  const told = new Map<string, string>();
  let isFirst = true;
  while (!signal.aborted) {
    // The signal also cuts a read short; that is the end of the log, too, and no failure.
    const rows = await unseen(pages, told, isFirst).catch((error: unknown) => {
      if (signal.aborted) return [];
      throw error;
    });
    for (const row of rows) {
      told.set(row.id, row.status);
      yield row;
    }
    isFirst = false;
    await wait(everyMs, signal);
  }
}

async function unseen(
  pages: Pages,
  told: ReadonlyMap<string, string>,
  isFirst: boolean,
): Promise<readonly MessageLogRow[]> {
  const found = new Map<string, MessageLogRow>();
  for await (const { items } of pages({ perPage })) {
    const news = items.filter(({ id, status }) => told.get(id) !== status);
    // A row that moved to the next page while we read is the same row.
    for (const row of news) found.set(row.id, row);
    if (isFirst || news.length < items.length) break;
  }
  return [...found.values()].toReversed();
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}
