import { isDeepStrictEqual } from "node:util";
import type { WireRequest } from "./requests.js";

/** One part of a request in which the clients differ. An absent side is undefined. */
export interface Difference {
  /** `path`, `query`, `token`, `body`, `header user-agent`; `request` when only one of them makes it. */
  readonly field: string;
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** The parts of a request, each under its name, in the order in which they are told. */
export function fieldsOf(request: WireRequest | undefined): Readonly<Record<string, unknown>> {
  if (request === undefined) return {};
  const { method, path, query, token, headers, body } = request;
  const named = Object.entries(headers)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, value]) => [`header ${name}`, value]);
  return {
    request: `${method} ${path}`,
    ...(Object.keys(query).length === 0 ? {} : { query }),
    token,
    ...Object.fromEntries(named),
    ...(body === undefined ? {} : { body }),
  };
}

export function differences(theirs: WireRequest | undefined, ours: WireRequest): readonly Difference[] {
  if (theirs === undefined) return [{ field: "request", theirs: undefined, ours: `${ours.method} ${ours.path}` }];
  const [left, right] = [fieldsOf(theirs), fieldsOf(ours)];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names
    .filter((field) => !isDeepStrictEqual(left[field], right[field]))
    .map((field) => ({ field: field === "request" ? "path" : field, theirs: left[field], ours: right[field] }));
}
