import type { InstantMs, SessionId } from "../contract/index.js";
import { type AskQuery, type AskRow, type AskStore, openAskStates } from "./asks.js";
import { copyJson } from "./copy.js";
import { patchedAsk } from "./patched-ask.js";

const isOpen = ({ state }: AskRow): boolean => openAskStates.includes(state);

/** Rows under a name. Most names have one row, and a collection for each would weigh more than the row. */
class Index<Name> {
  readonly #rows = new Map<Name, AskRow | Map<string, AskRow>>();

  put(name: Name, row: AskRow): void {
    const known = this.#rows.get(name);
    if (known instanceof Map) known.set(row.id, row);
    else if (known === undefined || known.id === row.id) this.#rows.set(name, row);
    else
      this.#rows.set(
        name,
        new Map([
          [known.id, known],
          [row.id, row],
        ]),
      );
  }

  drop(name: Name, id: string): void {
    const known = this.#rows.get(name);
    if (known instanceof Map) known.delete(id);
    if (known instanceof Map ? known.size === 0 : known?.id === id) this.#rows.delete(name);
  }

  of(name: Name): Iterable<AskRow> {
    const known = this.#rows.get(name);
    return known instanceof Map ? known.values() : known ? [known] : [];
  }
}

/** The questions of a memory store. `check` throws when the store is closed, `need` also when it does not hold the session. */
export function memoryAsks(
  check: () => void,
  need: (sessionId: SessionId) => void,
): { readonly store: AskStore; forget(sessionId: SessionId): void } {
  const rows = new Map<string, AskRow>();
  const bySession = new Index<SessionId>();
  const byKey = new Index<string>();
  const open = new Map<string, AskRow>();
  let seq = 0;

  const file = (row: AskRow, before?: AskRow): AskRow => {
    rows.set(row.id, row);
    bySession.put(row.sessionId, row);
    for (const key of before?.keys ?? []) if (!row.keys.includes(key)) byKey.drop(key, row.id);
    for (const key of row.keys) byKey.put(key, row);
    if (isOpen(row)) open.set(row.id, row);
    else open.delete(row.id);
    return copyJson(row);
  };

  const candidates = ({ sessionId, key, states, dueAtMs }: AskQuery): Iterable<AskRow> => {
    if (key !== undefined) return byKey.of(key);
    if (dueAtMs !== undefined || states?.every((state) => openAskStates.includes(state))) return open.values();
    return sessionId === undefined ? rows.values() : bySession.of(sessionId);
  };

  const store: AskStore = {
    async add(given) {
      need(given.sessionId);
      const known = rows.get(given.id);
      return known ? copyJson(known) : file({ ...copyJson(given), seq: ++seq, revision: 1 });
    },
    async get(id) {
      check();
      return copyJson(rows.get(id));
    },
    async move(id, from, patch, revision) {
      check();
      const row = rows.get(id);
      if (!row || !from.includes(row.state) || row.isDelivered) return undefined;
      if (revision !== undefined && revision !== row.revision) return undefined;
      return file(patchedAsk(row, copyJson(patch)), row);
    },
    async deliver(id) {
      check();
      const row = rows.get(id);
      if (row?.state !== "answered" || row.isDelivered) return false;
      file({ ...row, isDelivered: true, revision: row.revision + 1 }, row);
      return true;
    },
    async list(query = {}) {
      check();
      const found: AskRow[] = [];
      for (const row of candidates(query)) if (fits(row, query)) found.push(row);
      const limit = query.limit ?? 1_000;
      // One that was closed and is open again stands at the end of the open ones.
      return copyJson(found.toSorted((a, b) => a.seq - b.seq).slice(0, limit));
    },
  };

  return {
    store,
    forget(sessionId) {
      for (const { id, keys } of [...bySession.of(sessionId)]) {
        rows.delete(id);
        open.delete(id);
        for (const key of keys) byKey.drop(key, id);
        bySession.drop(sessionId, id);
      }
    },
  };
}

function fits(row: AskRow, { sessionId, states, key, dueAtMs, afterSeq = 0 }: AskQuery): boolean {
  if (row.seq <= afterSeq || (sessionId !== undefined && row.sessionId !== sessionId)) return false;
  if (states && !states.includes(row.state)) return false;
  if (key !== undefined && !row.keys.includes(key)) return false;
  return dueAtMs === undefined || isDue(row, dueAtMs);
}

function isDue(row: AskRow, atMs: InstantMs): boolean {
  return isOpen(row) && row.question.deadlineAtMs <= atMs;
}
