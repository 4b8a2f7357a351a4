import { describe, expect, it } from "vitest";
import type { Paging } from "../../src/contract/index.js";
import { bindOperations } from "../../src/sessions/bound-operations.js";
import { eachRow, everyPage } from "../../src/sessions/paging.js";

interface Input {
  readonly page?: number;
}

interface Output {
  readonly rows: readonly string[];
  readonly page: number;
  readonly perPage: number;
  readonly lastPage: number;
  readonly total: number;
}

const paging: Paging<Input, Output, string> = {
  at: (input, page) => ({ ...input, page }),
  position: (output) => output,
  rows: ({ rows }) => rows,
  key: (row) => row,
};

/** A list of three rows a page, that `change` may move before each request but the first. */
function listOf(count: number, change: (rows: string[], request: number) => void = () => {}) {
  const rows = Array.from({ length: count }, (_, index) => `row ${index + 1}`);
  const asked: number[] = [];
  const fetch = async ({ page = 1 }: Input): Promise<Output> => {
    if (asked.length > 0) change(rows, asked.length);
    asked.push(page);
    if (asked.length > 500) throw new Error("It never ends.");
    const lastPage = Math.max(1, Math.ceil(rows.length / 3));
    return { rows: rows.slice((page - 1) * 3, page * 3), page, perPage: 3, lastPage, total: rows.length };
  };
  return { rows, asked, fetch };
}

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe("reading a list page by page", () => {
  it.each([
    [0, [1]],
    [3, [1]],
    [4, [1, 2]],
    [10, [1, 2, 3, 4]],
  ])("gives each of %s rows in order, asking for each page once", async (count, pages) => {
    const { rows, asked, fetch } = listOf(count);
    expect(await all(eachRow(paging, {}, fetch))).toEqual(rows);
    expect(asked).toEqual(pages);
  });

  it("begins at the page of the input", async () => {
    const { asked, fetch } = listOf(10);
    expect(await all(eachRow(paging, { page: 3 }, fetch))).toEqual(["row 7", "row 8", "row 9", "row 10"]);
    expect(asked).toEqual([3, 4]);
  });

  it("stops asking when the loop is left", async () => {
    const { asked, fetch } = listOf(100);
    for await (const row of eachRow(paging, {}, fetch)) if (row === "row 5") break;
    expect(asked).toEqual([1, 2]);
    for await (const _page of everyPage(paging, {}, fetch)) break;
    expect(asked).toEqual([1, 2, 1]);
  });

  it("gives no row twice when others are added before it", async () => {
    const { fetch } = listOf(9, (rows, request) => void (request <= 2 && rows.unshift(`new ${request}`)));
    const given = await all(eachRow(paging, {}, fetch));
    expect(given).toEqual(Array.from({ length: 9 }, (_, index) => `row ${index + 1}`));
  });

  it("loses no row when rows that were read are removed", async () => {
    for (const removed of [1, 2, 3, 4, 5]) {
      const { fetch } = listOf(12, (rows, request) => void (request === 2 && rows.splice(0, removed)));
      const given = await all(eachRow(paging, {}, fetch));
      expect(given, `${removed} removed`).toEqual(Array.from({ length: 12 }, (_, index) => `row ${index + 1}`));
    }
  });

  it("loses no row when the last page vanishes", async () => {
    const { fetch } = listOf(7, (rows, request) => void (request === 2 && rows.splice(0, 1)));
    expect(await all(eachRow(paging, {}, fetch))).toEqual(Array.from({ length: 7 }, (_, index) => `row ${index + 1}`));
  });

  it("ends when a provider tells another total each time", async () => {
    const { asked, fetch } = listOf(30);
    let request = 0;
    const unsteady = async (input: Input): Promise<Output> => ({
      ...(await fetch(input)),
      total: 30 + (request++ % 2),
    });
    expect(await all(eachRow(paging, {}, unsteady))).toHaveLength(30);
    expect(asked.length).toBeLessThan(500);
  });

  it("ends when a provider answers with its last page for every page beyond", async () => {
    const { asked, fetch } = listOf(4);
    const stuck = async ({ page = 1 }: Input): Promise<Output> => ({
      ...(await fetch({ page: Math.min(page, 2) })),
      lastPage: 1_000_000,
    });
    expect(await all(eachRow(paging, {}, stuck))).toHaveLength(4);
    expect(await all(everyPage(paging, {}, stuck))).toHaveLength(3);
    expect(asked).toHaveLength(6);
  });

  it("gives rows without a lasting name as they come", async () => {
    const { key: _key, ...nameless } = paging;
    const { fetch } = listOf(6, (rows, request) => void (request === 1 && rows.unshift("new")));
    expect(await all(eachRow(nameless, {}, fetch))).toEqual([
      "row 1",
      "row 2",
      "row 3",
      "row 3",
      "row 4",
      "row 5",
      "row 6",
    ]);
  });
});

describe("a bound operation with pages", () => {
  const operation = {
    name: "rows.list",
    summary: "Rows.",
    method: "GET",
    path: "/rows",
    credential: "none",
    repeatable: "always",
    buckets: [],
    encode: () => ({}),
    decode: (): Output => ({ rows: [], page: 1, perPage: 3, lastPage: 1, total: 0 }),
    paging,
  } as const;

  it("is called as before, and reads all rows and all pages with the options of the call", async () => {
    const { fetch } = listOf(5);
    const seen: unknown[] = [];
    const { rows } = bindOperations({ rows: { list: operation } }, async (_operation, input, options) => {
      seen.push(options);
      return { value: await fetch(input as Input), rateLimits: [], attempts: 1, durationMs: 0, status: 200 };
    });
    const options = { timeoutMs: 5 };
    expect((await rows.list({}, options)).value.rows).toHaveLength(3);
    expect(await all(rows.list.each({}, options))).toHaveLength(5);
    expect((await all(rows.list.pages({}, options))).map((page) => page.rows.length)).toEqual([3, 2]);
    expect(seen).toEqual(Array.from({ length: 5 }, () => options));
  });

  it("passes the error of a page on, and is over then", async () => {
    const { rows } = bindOperations({ rows: { list: operation } }, async () => {
      throw new Error("No.");
    });
    const reading = rows.list.each();
    await expect(reading.next()).rejects.toThrow("No.");
    expect(await reading.next()).toEqual({ done: true, value: undefined });
  });
});
