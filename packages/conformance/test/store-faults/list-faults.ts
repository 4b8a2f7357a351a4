import type { Store } from "@colloquy/core";
import type { Fault, Tampering } from "./fault.js";

type List = Store["records"]["list"];

const listing =
  (list: (base: List) => List) =>
  (base: Store): Tampering => ({ records: { list: list(base.records.list) } });

export const listFaults: readonly Fault[] = [
  {
    name: "names a further page where there is none",
    fails: ["lists nothing, with no further page, when it is empty", "names no further page when the last one is full"],
    tamper: listing((list) => async (query) => ({ cursor: "0:none", ...(await list(query)) })),
  },
  {
    name: "lists the oldest first",
    fails: ["lists whole records, newest first by creation, whatever was saved since"],
    tamper: listing((list) => async (query) => ({ records: (await list(query)).records.toReversed() })),
  },
  {
    name: "lists by the time of the last save",
    fails: ["lists whole records, newest first by creation, whatever was saved since"],
    tamper: listing((list) => async (query) => ({
      records: (await list(query)).records.toSorted((one, other) => other.updatedAtMs - one.updatedAtMs),
    })),
  },
  {
    name: "gives other than 100 records by default",
    fails: ["gives 100 records when no limit is named"],
    tamper: listing((list) => (query) => list({ limit: 50, ...query })),
  },
  {
    name: "skips what was created in the same instant as the end of a page",
    fails: ["pages through every record exactly once, also when many were created in one instant"],
    tamper: listing(
      (list) =>
        (query = {}) =>
          list(query.after === undefined ? query : { ...query, after: `${query.after.split(":")[0]}:\u0000` }),
    ),
  },
  {
    name: "pages by offset",
    fails: ["neither repeats nor skips a record when others come and go between pages"],
    tamper: listing((list) => async ({ after = "0", limit = 100, ...filter } = {}) => {
      const { records } = await list({ ...filter, limit: 10_000 });
      const end = Number(after) + limit;
      return { records: records.slice(Number(after), end), ...(end < records.length ? { cursor: `${end}` } : {}) };
    }),
  },
  {
    name: "ignores the provider asked for",
    fails: ["lists the sessions of one provider", "pages through a filtered list exactly once"],
    tamper: listing(
      (list) =>
        ({ providerId: _ignored, ...query } = {}) =>
          list(query),
    ),
  },
  {
    name: "ignores the states asked for",
    fails: [
      "lists the sessions in any of the given states, as last saved",
      "pages through a filtered list exactly once",
    ],
    tamper: listing(
      (list) =>
        ({ states: _ignored, ...query } = {}) =>
          list(query),
    ),
  },
  {
    name: "filters a page after it was cut",
    fails: ["pages through a filtered list exactly once"],
    tamper: listing((list) => async ({ providerId, states, ...query } = {}) => {
      const page = await list(query);
      return {
        ...page,
        records: page.records.filter(
          (record) => record.providerId === providerId && states?.includes(record.lifecycle.state),
        ),
      };
    }),
  },
];
