import type { Paging } from "@colloquy/core/contract";
import { z } from "zod";

/** One page of a longer list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
  readonly lastPage: number;
}

export interface PageInput {
  /** From 1. Default 1. */
  readonly page?: number;
  /** Default 10 in logs, 20 in lists. A larger one costs fewer requests. */
  readonly perPage?: number;
}

/** How the pages of one list follow each other. */
export function pagingBy<Input extends PageInput, Item>(key: (item: Item) => string): Paging<Input, Page<Item>, Item> {
  return { at: (input, page) => ({ ...input, page }), position: (page) => page, rows: ({ items }) => items, key };
}

const count = z.int().nonnegative();

/** The framework's own paginator, as both logs use it. */
export function logPage<Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> {
  return z
    .looseObject({ data: z.array(item), current_page: count, per_page: count, total: count, last_page: count })
    .transform(({ data, current_page, per_page, total, last_page }) => ({
      items: data,
      page: current_page,
      perPage: per_page,
      total,
      lastPage: last_page,
    }));
}

/** The paginator of contacts and groups, which is another one. */
export function listPage<Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> {
  return z
    .looseObject({
      items: z.array(item),
      pagination: z.looseObject({ total: count, page: count, limit: count, totalPages: count }),
    })
    .transform(({ items, pagination: { total, page, limit, totalPages } }) => ({
      items,
      page,
      perPage: limit,
      total,
      lastPage: totalPages,
    }));
}
