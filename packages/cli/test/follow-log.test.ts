import type { MessageLogRow, Page } from "@colloquy/wasender";
import { describe, expect, it } from "vitest";
import { followLog } from "../src/wasender/follow-log.js";

const row = (id: number, status = "in_progress"): MessageLogRow => ({ id: String(id), status, raw: {} });

/** A log of which the tests turn the pages. */
function log() {
  const rows: MessageLogRow[] = [];
  const reads: number[] = [];
  return {
    rows,
    /** How many pages each look read. */
    reads,
    async *pages({ perPage }: { readonly perPage: number }): AsyncGenerator<Page<MessageLogRow>> {
      reads.push(0);
      const newestFirst = rows.toReversed();
      const lastPage = Math.max(1, Math.ceil(rows.length / perPage));
      for (let page = 1; page <= lastPage; page += 1) {
        reads.push((reads.pop() ?? 0) + 1);
        const items = newestFirst.slice((page - 1) * perPage, page * perPage);
        yield { items, page, perPage, total: rows.length, lastPage };
      }
    },
  };
}

describe("following the message log", () => {
  it("begins with the newest page, then tells what is new or changed, oldest first, and nothing twice", async () => {
    const { rows, reads, pages } = log();
    rows.push(...Array.from({ length: 120 }, (_, index) => row(index)));
    const stop = new AbortController();
    const steps = [
      () => rows.push(row(120), row(121)),
      () => rows.splice(121, 1, row(121, "sent")),
      () => {},
      () => rows.push(...Array.from({ length: 70 }, (_, index) => row(200 + index))),
      () => stop.abort(),
    ];
    const told: string[][] = [[]];
    const wait = async (): Promise<void> => {
      steps.shift()?.();
      told.push([]);
    };
    for await (const { id, status } of followLog(pages, { everyMs: 1, signal: stop.signal, wait }))
      told.at(-1)?.push(`${id} ${status}`);
    expect(told[0]).toEqual(Array.from({ length: 50 }, (_, index) => `${70 + index} in_progress`));
    expect(told[1]).toEqual(["120 in_progress", "121 in_progress"]);
    expect(told[2]).toEqual(["121 sent"]);
    expect(told[3]).toEqual([]);
    expect(told[4]).toEqual(Array.from({ length: 70 }, (_, index) => `${200 + index} in_progress`));
    expect(reads).toEqual([1, 1, 1, 1, 2]);
  });

  it("ends well when the signal cuts a read short, and tells any other failure", async () => {
    const stop = new AbortController();
    // oxlint-disable-next-line require-yield -- the read fails before it has a page
    async function* cutShort(): AsyncGenerator<Page<MessageLogRow>> {
      stop.abort();
      throw new DOMException("Cancelled.", "AbortError");
    }
    const read = async (pages: Parameters<typeof followLog>[0], signal: AbortSignal): Promise<number> => {
      let count = 0;
      for await (const _row of followLog(pages, { everyMs: 1, signal })) count += 1;
      return count;
    };
    expect(await read(cutShort, stop.signal)).toBe(0);
    await expect(read(cutShort, new AbortController().signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});
