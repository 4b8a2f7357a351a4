import type { Paging } from "../contract/index.js";

type Fetch<Input, Output> = (input: Input) => Promise<Output>;

/** Rows remembered so as not to be given twice. Nothing moves further than that between two pages. ASSUMED. */
const mostRemembered = 10_000;
/** So often one list is read again a little further up, as rows vanished from it. ASSUMED; ends what would never end. */
const mostStepsBack = 100;

/** Each page from the one that the input names on. */
export async function* everyPage<Input, Output, Row>(
  paging: Paging<Input, Output, Row>,
  input: Input,
  fetch: Fetch<Input, Output>,
): AsyncGenerator<Output, void, void> {
  let output = await fetch(input);
  for (let { page } = paging.position(output); ; ) {
    yield output;
    const { page: got, lastPage } = paging.position(output);
    // A provider that answers with another page than the one asked for has no more.
    if (got !== page || page >= lastPage) return;
    output = await fetch(paging.at(input, ++page));
  }
}

/** Each row once, while rows come and go. */
export async function* eachRow<Input, Output, Row>(
  paging: Paging<Input, Output, Row>,
  input: Input,
  fetch: Fetch<Input, Output>,
): AsyncGenerator<Row, void, void> {
  const given = new Set<string>();
  let output = await fetch(input);
  const { page: first, total: firstTotal } = paging.position(output);
  let knownTotal = firstTotal;
  let stepsBack = 0;
  for (let page = first; ; ) {
    const { page: got, lastPage, perPage, total } = paging.position(output);
    const vanishedCount = knownTotal - total;
    knownTotal = total;
    if (vanishedCount > 0 && page > first && paging.key && stepsBack++ < mostStepsBack) {
      // What followed the vanished rows moved up, onto pages that were read before.
      page = Math.max(first, page - Math.ceil(vanishedCount / Math.max(1, perPage)));
    } else {
      if (got !== page) return;
      for (const row of paging.rows(output)) if (isNew(paging.key?.(row), given)) yield row;
      if (page >= lastPage) return;
      page++;
    }
    output = await fetch(paging.at(input, page));
  }
}

function isNew(key: string | undefined, given: Set<string>): boolean {
  if (key === undefined) return true;
  if (given.has(key)) return false;
  given.add(key);
  const oldest = given.size > mostRemembered ? given.values().next().value : undefined;
  if (oldest !== undefined) given.delete(oldest);
  return true;
}
