import type { Fault } from "./fault.js";
import { transcripts } from "./transcript-faults.js";

/** Mistakes in what is read. */
export const transcriptReadingFaults: readonly Fault[] = [
  {
    name: "gives the oldest messages for the newest",
    fails: ["pages forward, backward and from any message, each message once"],
    tamper: transcripts(({ page }) => ({ page: (id, query) => page(id, { ...query, from: "oldest" }) })),
  },
  {
    name: "counts removed messages when it pages (by offset)",
    fails: ["pages forward, backward and from any message, each message once"],
    tamper: transcripts(({ page }) => ({
      async page(id, query) {
        const { messages, cursor } = await page(id, query);
        const end = (query?.after ?? 0) + messages.length;
        return { messages, ...(cursor === undefined ? {} : { cursor: query?.from === "newest" ? cursor : end }) };
      },
    })),
  },
  {
    name: "reads one page for the whole",
    fails: ["reads a whole conversation in pages, in order, after a number"],
    tamper: transcripts(({ page }) => ({
      async *read(id, { afterSeq = 0, pageSize = 500 } = {}) {
        yield* (await page(id, { after: afterSeq, limit: pageSize })).messages;
      },
    })),
  },
  {
    name: "lists conversations by their creation",
    fails: ["lists conversations with the last changed first, in pages that meet without gap"],
    tamper: transcripts(({ create }) => ({ create: ({ updatedAtMs: _ignored, ...given }) => create(given) })),
  },
  {
    name: "takes a text for the number that it looks like",
    fails: ["filters by metadata: equality, sets, presence, ranges and beginnings, each kind apart"],
    tamper: transcripts(({ list }) => ({
      list: ({ where = [], ...query } = {}) =>
        list({
          ...query,
          where: where.map((one) =>
            "equals" in one && typeof one.equals === "string" && /^\d+$/.test(one.equals)
              ? { path: one.path, in: [one.equals, Number(one.equals)] }
              : one,
          ),
        }),
    })),
  },
  {
    name: "looks only at the first condition",
    fails: [
      "filters by metadata: equality, sets, presence, ranges and beginnings, each kind apart",
      "pages through a filter, with a value that many have and with one that few have",
    ],
    tamper: transcripts(({ list }) => ({
      list: ({ where = [], ...query } = {}) => list({ ...query, where: where.slice(0, 1) }),
    })),
  },
  {
    name: "keeps an index of metadata that an update does not reach",
    fails: ["filters by metadata: equality, sets, presence, ranges and beginnings, each kind apart"],
    tamper: transcripts(({ update }) => ({
      update: (id, { metadata: _ignored, ...change }, options) => update(id, change, options),
    })),
  },
  {
    name: "compares titles with their case",
    fails: ["finds titles by a part of them, whatever the case"],
    tamper: transcripts(({ list }) => ({
      async list({ titleContains = "", ...query } = {}) {
        const { conversations } = await list(query);
        return { conversations: conversations.filter(({ title }) => title.includes(titleContains)) };
      },
    })),
  },
  {
    name: "finds what has one of the words",
    fails: ["finds all words of a search in titles and messages, the best first"],
    tamper: transcripts(({ search }) => ({
      search: (query) => search({ ...query, text: query.text.split(" ")[0] ?? "" }),
    })),
  },
  {
    name: "gives what it finds in the order of writing",
    fails: ["finds all words of a search in titles and messages, the best first"],
    tamper: transcripts(({ search }) => ({
      search: async (query) =>
        (await search(query)).toSorted((one, other) => (one.message?.seq ?? 0) - (other.message?.seq ?? 0)),
    })),
  },
  {
    name: "searches everybody's conversations",
    fails: ["searches within an owner, a conversation, titles or messages, up to a limit"],
    tamper: transcripts(({ search }) => ({ search: ({ ownerId: _ignored, ...query }) => search(query) })),
  },
  {
    name: "shows the whole text for a passage",
    fails: ["shows a passage around what was found, and where in it"],
    tamper: transcripts(({ search }) => ({
      search: async (query) =>
        (await search(query)).map((hit) => ({ ...hit, snippet: hit.message?.content ?? hit.snippet })),
    })),
  },
];
