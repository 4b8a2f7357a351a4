import { wholeNumber } from "../whole-number.js";
import { flag, type Given, isSet } from "./call.js";

const defaultLimit = 100;

/** ASSUMED: the provider documents its defaults of 10 and 20, and no largest page. */
const largestPage = 50;

export interface PageSize {
  readonly perPage: number;
}

/** Rows of a paged list until it ends or `--limit` is reached. Asks for no page that is not needed. */
export async function* upToLimit<Item>(
  given: Given,
  each: (size: PageSize) => AsyncIterable<Item>,
): AsyncGenerator<Item> {
  const limit = limitOf(given);
  if (limit === 0) return;
  let count = 0;
  for await (const item of each({ perPage: Math.min(largestPage, limit) })) {
    yield item;
    count += 1;
    if (count >= limit) return;
  }
}

function limitOf(given: Given): number {
  if (isSet(given, "all")) return Number.POSITIVE_INFINITY;
  const limit = flag(given, "limit");
  return limit === undefined ? defaultLimit : wholeNumber("limit", limit);
}
