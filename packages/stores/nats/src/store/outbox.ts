import { type OutboxRow, type OutboxStore, patchedRow } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import type { Heads } from "./heads.js";
import { Journal } from "./journal.js";
import { Journals } from "./journals.js";
import { type OutboxEvent, outboxFold } from "./outbox-fold.js";
import { rowGroups } from "./row-groups.js";
import type { StreamLog } from "./stream-log.js";
import type { Subjects } from "./subjects.js";
import type { WaitingSessions } from "./waiting-sessions.js";

const mostDepartures = 10_000;

export interface Outboxes {
  readonly store: OutboxStore;
  fence(sessionId: SessionId, creation: string, epoch: number): Promise<void>;
}

export function outboxStore(log: StreamLog, subjects: Subjects, heads: Heads, waiting: WaitingSessions): Outboxes {
  const journals = new Journals((subject) => new Journal(log, subject, outboxFold));
  const journalOf = (sessionId: SessionId, creation: string): ReturnType<typeof journals.at> =>
    journals.at(subjects.group(sessionId, creation, "outbox"));
  const find = async (sessionId: SessionId): Promise<ReturnType<typeof journals.at> | undefined> => {
    const head = await heads.find(sessionId);
    return head && journalOf(sessionId, head.creation);
  };
  const countQueued = async (sessionId: SessionId): Promise<number> =>
    (await (await find(sessionId))?.read(({ counts }) => counts.queued)) ?? 0;

  const store: OutboxStore = {
    async add(given) {
      const rows = copyOf(given);
      const stored: OutboxRow[] = [];
      for (const { sessionId, creation, places } of await rowGroups(heads, rows)) {
        const own = places.map((place) => rows[place] as (typeof rows)[number]);
        const added = await journalOf(sessionId, creation).change((outbox) => {
          const fresh = own.filter(({ id }) => !outbox.placeOf.has(id));
          const result = (): readonly OutboxRow[] =>
            own.map(({ id }) => copyOf(outbox.rows[outbox.placeOf.get(id) as number] as OutboxRow));
          return fresh.length > 0 ? { event: { add: fresh } satisfies OutboxEvent, result } : { result };
        });
        for (const [index, row] of added.entries()) stored[places[index] as number] = row;
        if (added.some(({ state }) => state === "queued")) await waiting.note(sessionId);
      }
      return stored;
    },

    async get(sessionId, id) {
      return (await find(sessionId))?.read(({ rows, placeOf }) => copyOf(rows[placeOf.get(id) ?? -1]));
    },

    async move(sessionId, id, from, patch, epoch) {
      const changes = copyOf(patch);
      const head = await heads.find(sessionId);
      if (!head || (epoch !== undefined && head.record.epoch !== epoch)) return undefined;
      const moved = await journalOf(sessionId, head.creation).change((outbox) => {
        const row = outbox.rows[outbox.placeOf.get(id) ?? -1];
        const isFenced = epoch !== undefined && epoch < outbox.fence;
        if (!row || !from.includes(row.state) || isFenced) return { result: () => undefined };
        const kept = copyOf(patchedRow(row, changes));
        const { message, ...rest } = kept;
        const isSame = !("message" in changes) && (message !== null || row.message === null);
        const put = isSame ? rest : kept;
        return { event: { put } satisfies OutboxEvent, result: () => copyOf(kept) };
      });
      if (moved?.state === "queued") await waiting.note(sessionId);
      return moved;
    },

    async list(sessionId, { states, messageKey, afterSeq = 0, limit = 1_000 } = {}) {
      const found = await (await find(sessionId))?.read(({ rows, placesOfKey }) => {
        const named = messageKey === undefined ? undefined : [...(placesOfKey.get(messageKey) ?? [])];
        const candidates = named
          ? named.toSorted((a, b) => a - b).flatMap((place) => rows[place] ?? [])
          : rows.slice(afterSeq);
        const fitting = candidates.filter(({ seq, state }) => seq > afterSeq && (!states || states.includes(state)));
        return copyOf(fitting.slice(0, limit));
      });
      return found ?? [];
    },

    async count(sessionId) {
      const counts = await (await find(sessionId))?.read((outbox) => ({ ...outbox.counts }));
      return counts ?? outboxFold.empty().counts;
    },

    waiting: (query) => waiting.list(query, async (sessionId) => (await countQueued(sessionId)) > 0),

    async departures(sessionId, sinceMs) {
      const found = await (await find(sessionId))?.read(({ rows }) =>
        rows.flatMap(({ state, settledAtMs }) =>
          (state === "sent" || state === "unknown") && settledAtMs !== undefined && settledAtMs >= sinceMs
            ? [settledAtMs]
            : [],
        ),
      );
      return (found ?? []).toSorted((a, b) => a - b).slice(-mostDepartures);
    },
  };

  return {
    store,
    fence: (sessionId, creation, epoch) =>
      journalOf(sessionId, creation).change((outbox) =>
        outbox.fence >= epoch ? { result: () => {} } : { event: { fence: epoch }, result: () => {} },
      ),
  };
}

function copyOf<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
