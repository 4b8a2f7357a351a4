import { type AskQuery, type AskRow, type AskStore, type NewAskRow, openAskStates, patchedAsk } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { sessionNotFound } from "../failure.js";
import type { Heads } from "./heads.js";
import { type Fold, Journal } from "./journal.js";
import type { StreamLog } from "./stream-log.js";
import type { Subjects } from "./subjects.js";

interface Asks {
  /** In order of acceptance. */
  readonly rows: Map<string, AskRow>;
  readonly open: Set<string>;
  readonly byKey: Map<string, Set<string>>;
  last: number;
}

type AskEvent = { readonly add: NewAskRow } | { readonly put: AskRow } | { readonly forget: SessionId };

interface Kept {
  readonly rows: readonly AskRow[];
  readonly last: number;
}

const isOpen = ({ state }: Pick<AskRow, "state">): boolean => openAskStates.includes(state);

function unfile({ byKey, open }: Asks, { id, keys }: AskRow): void {
  open.delete(id);
  for (const key of keys) {
    byKey.get(key)?.delete(id);
    if (byKey.get(key)?.size === 0) byKey.delete(key);
  }
}

function file(asks: Asks, row: AskRow): void {
  const before = asks.rows.get(row.id);
  if (before) unfile(asks, before);
  asks.rows.set(row.id, row);
  if (isOpen(row)) asks.open.add(row.id);
  for (const key of row.keys) asks.byKey.set(key, (asks.byKey.get(key) ?? new Set()).add(row.id));
}

const askFold: Fold<Asks, AskEvent, Kept> = {
  empty: () => ({ rows: new Map(), open: new Set(), byKey: new Map(), last: 0 }),
  apply(asks, event) {
    if ("put" in event) file(asks, event.put);
    else if ("add" in event) file(asks, { ...event.add, seq: ++asks.last, revision: 1 });
    else
      for (const row of [...asks.rows.values()])
        if (row.sessionId === event.forget) {
          unfile(asks, row);
          asks.rows.delete(row.id);
        }
  },
  keep: ({ rows, last }) => ({ rows: [...rows.values()], last }),
  restore({ rows, last }) {
    const asks = askFold.empty();
    for (const row of rows) file(asks, row);
    asks.last = last;
    return asks;
  },
};

export interface AskGroup {
  readonly store: AskStore;
  /** Removes the questions of a session. */
  forget(sessionId: SessionId): Promise<void>;
}

/** Questions are looked up across sessions, so all are one state. */
export function askStore(log: StreamLog, subjects: Subjects, heads: Heads): AskGroup {
  const journal = new Journal(log, subjects.asks, askFold);

  const store: AskStore = {
    async add(given) {
      const row = copyOf(given);
      await heads.need(row.sessionId);
      const stored = await journal.change((asks) => {
        const result = (): AskRow => copyOf(asks.rows.get(row.id) as AskRow);
        return asks.rows.has(row.id) ? { result } : { event: { add: row }, result };
      });
      // It may have gone in between, with all questions that were there then.
      if (stored.sessionId === row.sessionId && !(await heads.find(row.sessionId))) {
        await forget(row.sessionId);
        throw sessionNotFound(row.sessionId);
      }
      return stored;
    },
    get: (id) => journal.read(({ rows }) => copyOf(rows.get(id))),
    move(id, from, patch, revision) {
      const changes = copyOf(patch);
      return journal.change<AskRow | undefined>(({ rows }) => {
        const row = rows.get(id);
        const isAsked =
          row && from.includes(row.state) && !row.isDelivered && (revision ?? row.revision) === row.revision;
        if (!isAsked) return { result: () => undefined };
        const put = copyOf(patchedAsk(row, changes));
        return { event: { put }, result: () => copyOf(put) };
      });
    },
    deliver: (id) =>
      journal.change(({ rows }) => {
        const row = rows.get(id);
        if (row?.state !== "answered" || row.isDelivered) return { result: () => false };
        return { event: { put: { ...row, isDelivered: true, revision: row.revision + 1 } }, result: () => true };
      }),
    list: (query = {}) =>
      journal.read((asks) =>
        copyOf(
          candidates(asks, query)
            .filter((row) => fits(row, query))
            .toSorted((a, b) => a.seq - b.seq)
            .slice(0, query.limit ?? 1_000),
        ),
      ),
  };

  const forget = (sessionId: SessionId): Promise<void> =>
    journal.change(({ rows }) => {
      const hasSome = [...rows.values()].some((row) => row.sessionId === sessionId);
      return hasSome ? { event: { forget: sessionId }, result: () => {} } : { result: () => {} };
    });

  return { store, forget };
}

function candidates({ rows, open, byKey }: Asks, { key, states, dueAtMs }: AskQuery): readonly AskRow[] {
  const isOpenOnly = dueAtMs !== undefined || states?.every((state) => openAskStates.includes(state));
  const ids = key !== undefined ? (byKey.get(key) ?? []) : isOpenOnly ? open : rows.keys();
  return [...ids].flatMap((id) => rows.get(id) ?? []);
}

function fits(row: AskRow, { sessionId, states, key, dueAtMs, afterSeq = 0 }: AskQuery): boolean {
  if (row.seq <= afterSeq || (sessionId !== undefined && row.sessionId !== sessionId)) return false;
  if (states && !states.includes(row.state)) return false;
  if (key !== undefined && !row.keys.includes(key)) return false;
  return dueAtMs === undefined || (isOpen(row) && row.question.deadlineAtMs <= dueAtMs);
}

function copyOf<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
