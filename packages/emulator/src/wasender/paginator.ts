/** Laravel's length-aware paginator without its `links` array: twelve keys. */
export function lengthAwarePage(
  rows: readonly unknown[],
  query: URLSearchParams,
  path: string,
): Record<string, unknown> {
  const perPage = positive(query.get("per_page"), 10);
  const page = positive(query.get("page"), 1);
  const lastPage = Math.max(1, Math.ceil(rows.length / perPage));
  const first = (page - 1) * perPage;
  const data = rows.slice(first, first + perPage);
  const pageUrl = (number: number): string => `${path}?page=${number}`;
  return {
    current_page: page,
    data,
    first_page_url: pageUrl(1),
    from: data.length > 0 ? first + 1 : null,
    last_page: lastPage,
    last_page_url: pageUrl(lastPage),
    next_page_url: page < lastPage ? pageUrl(page + 1) : null,
    path,
    per_page: perPage,
    prev_page_url: page > 1 ? pageUrl(page - 1) : null,
    to: data.length > 0 ? first + data.length : null,
    total: rows.length,
  };
}

/** The other pagination, of contacts and groups: the plain list unless `paginated=true`. */
export function listOrPage(rows: readonly unknown[], query: URLSearchParams): unknown {
  if (query.get("paginated") !== "true") return rows;
  const limit = positive(query.get("limit"), 20);
  const page = positive(query.get("page"), 1);
  const first = (page - 1) * limit;
  const pagination = { total: rows.length, page, limit, totalPages: Math.ceil(rows.length / limit) };
  return { items: rows.slice(first, first + limit), pagination };
}

function positive(text: string | null, otherwise: number): number {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number > 0 ? number : otherwise;
}
