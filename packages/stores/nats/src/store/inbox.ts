import type { InboxRow, InboxStore } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import type { Heads } from "./heads.js";
import { type Fold, Journal } from "./journal.js";
import { Journals } from "./journals.js";
import { rowGroups } from "./row-groups.js";
import type { StreamLog } from "./stream-log.js";
import type { Subjects } from "./subjects.js";

type NewRow = Omit<InboxRow, "seq" | "handled">;

interface Inbox {
  /** Occurrences ever seen, with their numbers. */
  readonly seen: Map<string, number>;
  readonly pending: Map<string, InboxRow>;
}

type InboxEvent = { readonly add: readonly NewRow[] } | { readonly settle: readonly string[] };

/** The occurrence with number n is at n - 1. */
interface Kept {
  readonly seen: readonly string[];
  readonly pending: readonly InboxRow[];
}

const inboxFold: Fold<Inbox, InboxEvent, Kept> = {
  empty: () => ({ seen: new Map(), pending: new Map() }),
  apply({ seen, pending }, event) {
    if ("settle" in event) {
      for (const id of event.settle) pending.delete(id);
      return;
    }
    for (const row of event.add) {
      if (seen.has(row.occurrenceId)) continue;
      const seq = seen.size + 1;
      seen.set(row.occurrenceId, seq);
      pending.set(row.occurrenceId, { ...row, seq, handled: false });
    }
  },
  keep: ({ seen, pending }) => ({ seen: [...seen.keys()], pending: [...pending.values()] }),
  restore: ({ seen, pending }) => ({
    seen: new Map(seen.map((id, place) => [id, place + 1])),
    pending: new Map(pending.map((row) => [row.occurrenceId, row])),
  }),
};

export function inboxStore(log: StreamLog, subjects: Subjects, heads: Heads): InboxStore {
  const journals = new Journals((subject) => new Journal(log, subject, inboxFold));
  const find = async (sessionId: SessionId): Promise<ReturnType<typeof journals.at> | undefined> => {
    const head = await heads.find(sessionId);
    return head && journals.at(subjects.group(sessionId, head.creation, "inbox"));
  };

  return {
    async add(given) {
      const rows = copyOf(given);
      const stored: { readonly place: number; readonly row: InboxRow }[] = [];
      for (const { sessionId, creation, places } of await rowGroups(heads, rows)) {
        const journal = journals.at(subjects.group(sessionId, creation, "inbox"));
        const added = await journal.change((inbox) => {
          const fresh = new Map<string, { readonly place: number; readonly row: NewRow }>();
          for (const place of places) {
            const row = rows[place] as NewRow;
            if (!inbox.seen.has(row.occurrenceId) && !fresh.has(row.occurrenceId))
              fresh.set(row.occurrenceId, { place, row });
          }
          const news = [...fresh.values()];
          const result = (): typeof stored =>
            news.map(({ place, row }) => ({ place, row: copyOf(inbox.pending.get(row.occurrenceId) as InboxRow) }));
          return news.length > 0 ? { event: { add: news.map(({ row }) => row) }, result } : { result };
        });
        stored.push(...added);
      }
      return stored.toSorted((a, b) => a.place - b.place).map(({ row }) => row);
    },

    async pending(sessionId, { afterSeq = 0, limit = 1_000 } = {}) {
      const found = await (await find(sessionId))?.read(({ pending }) => {
        const rows: InboxRow[] = [];
        for (const row of pending.values()) {
          if (rows.length >= limit) break;
          if (row.seq > afterSeq) rows.push(copyOf(row));
        }
        return rows;
      });
      return found ?? [];
    },

    async settle(sessionId, occurrenceIds) {
      const ids = [...occurrenceIds];
      await (await find(sessionId))?.change(({ pending }) => {
        const known = ids.filter((id) => pending.has(id));
        return known.length > 0 ? { event: { settle: known }, result: () => {} } : { result: () => {} };
      });
    },
  };
}

function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
